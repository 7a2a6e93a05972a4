"""Search terms as SQL conditions: by the name, and by the contact where the viewer may see it."""

import unicodedata

from models.paging import Query
from models.refusals import InvalidInput
from models.texts.text import Text
from models.viewers import Viewer

SEARCH_LENGTH = 100
FEWEST_DIGITS = 3
MOBILE_DIGITS = 11
# What a member types between the digits of a number.
BETWEEN_DIGITS = str.maketrans("", "", "+-().·‐–—")

# Of one pool the planner knows the size; of several it takes the average of all organizations.
IN_ONE_POOL = "(VALUES (($2::uuid[])[1], 1::bigint)) AS parent(id, n)"
# The pool of `c` masks no contact: what its names tell may be found.
SHOWS_CONTACTS = """EXISTS (SELECT FROM pool p WHERE p.organization_id = $1 AND p.id = c.pool_id
  AND NOT coalesce(p.rules -> 'masked', '["PHONE", "EMAIL"]') ?| ARRAY['PHONE', 'EMAIL'])"""
# Each number of the phone field, without what stands between its digits.
PHONES = "regexp_replace(normalize(c.phone, NFKC), '[^0-9;,、/|\n]', '', 'g')"


def pool_filters(query: Query, search: str | None, level: str | None) -> str:
    """Conditions on customers `c` that nobody holds: nobody finds them by a masked contact."""
    by_level = f" AND c.level = {query.add(level)}" if level is not None else ""
    term = search_term(search)
    if not term:
        return by_level
    found = _in_name(query, term)
    return f"{by_level}{found} AND ({_in_masked_name(query, term)} OR {SHOWS_CONTACTS})"


def shown_name(query: Query, term: str) -> str:
    """The same condition on the name alone, without the search index."""
    found = f"strpos(c.search_name, {query.add(term)}::text) > 0"
    return f"{found} AND ({_in_masked_name(query, term)} OR {SHOWS_CONTACTS})"


def held_filters(query: Query, viewer: Viewer, search: str | None) -> str:
    """Conditions on held customers `c`: by their contact only where the viewer may see it.

    That is as schema.customers.contact shows it: to the owner, to who leads them, and to the pool's
    administrators.
    """
    term = search_term(search)
    if not term:
        return ""
    sees = f"(c.owner_id = ANY({query.add(viewer.holders)}::uuid[]) OR c.pool_id = ANY"
    sees += f" ({query.add(list(viewer.administered))}::uuid[]))"
    masked = _in_masked_name(query, term)
    in_contact = _in_contact(query, term)
    in_name = f"strpos(c.search_name, {query.add(term)}::text) > 0"
    query.needs_custom_plan = True
    return f" AND (({in_name} AND ({masked} OR {sees})) OR ({sees} AND ({in_contact})))"


def _in_name(query: Query, term: str) -> str:
    query.needs_custom_plan = True
    found = f" AND c.name_grams @> {query.add(grams_of(term))}::text[]"
    if len(term) <= 2:
        return found
    # strpos and not LIKE: the planner takes LIKE to be rare and walks 200,000 matches of 有限公司.
    return found + f" AND strpos(c.search_name, {query.add(term)}::text) > 0"


def grams_of(term: str) -> list[str]:
    """Return the pairs of neighbours, or the only character, as the search index has them."""
    return [term] if len(term) == 1 else [term[n : n + 2] for n in range(len(term) - 1)]


def _in_masked_name(query: Query, term: str) -> str:
    """Of a name without contacts, nothing more is asked."""
    found = f"strpos(searchable(c.masked_name), {query.add(term)}::text) > 0"
    return f"c.masked_name IS NULL OR {found}"


def _in_contact(query: Query, term: str) -> str:
    place = query.add(term)
    found = [f"strpos(searchable(c.{each}), {place}::text) > 0" for each in ("person", "email")]
    if digits := phone_digits(term):
        found.append(f"strpos({PHONES}, {query.add(digits)}::text) > 0")
    return " OR ".join(found)


def phone_digits(term: str) -> str:
    """Return the digits of a folded term that is a part of a phone number, else an empty text."""
    digits = term.translate(BETWEEN_DIGITS)
    if not (digits.isascii() and digits.isdigit() and len(digits) >= FEWEST_DIGITS):
        return ""
    for prefix in ("0086", "86"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + MOBILE_DIGITS:
            return digits.removeprefix(prefix)
    return digits.removeprefix("86") if term.startswith("+86") else digits


def search_term(search: str | None) -> str:
    """Return the term folded as the database's searchable() folds a name."""
    if search is None:
        return ""
    if len(search) > SEARCH_LENGTH or "\0" in search:
        message = Text("must be no longer than {most} characters", most=SEARCH_LENGTH)
        raise InvalidInput.at("search", message)
    return "".join(unicodedata.normalize("NFKC", search).split()).lower()


def like_pattern(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
