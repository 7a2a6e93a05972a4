"""Search terms as SQL conditions."""

import unicodedata

from models.database.pagination import Query
from models.refusals import InvalidInput
from models.texts.text import Text

SEARCH_LENGTH = 100


def pool_filters(query: Query, search: str | None, level: str | None) -> str:
    by_level = f" AND c.level = {query.add(level)}" if level is not None else ""
    return by_level + search_condition(query, search)


def search_condition(query: Query, search: str | None) -> str:
    term = search_term(search)
    if not term:
        return ""
    grams = [term] if len(term) == 1 else [term[n : n + 2] for n in range(len(term) - 1)]
    query.needs_custom_plan = True
    found = f" AND c.name_grams @> {query.add(grams)}::text[]"
    if len(term) <= 2:
        return found
    # strpos and not LIKE: the planner takes LIKE to be rare and walks 200,000 matches of 有限公司.
    return found + f" AND strpos(c.search_name, {query.add(term)}::text) > 0"


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
