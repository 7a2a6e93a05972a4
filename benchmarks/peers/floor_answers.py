"""What the floor answers: rows as JSON, in the shape of the measured documents."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from benchmarks.peers import terms
from models.database.seal import Seal
from models.masking.masks import mask_email, mask_phone
from models.refusals import Refusal
from models.rules.evaluation import Ownership, evaluate
from models.rules.holidays import stored_calendar
from models.rules.remedies import remedy
from models.rules.rules import parsed_rules
from models.rules.schedule import Schedule
from schema.base import ids
from schema.base.scalars import write_instant

FIRST = 20
Row = Any


def page_of(name: str, rows: Sequence[Row], nodes: Any) -> Any:
    end = None
    if rows:
        last = rows[:FIRST][-1]
        plain = json.dumps([name, last["page_key"], str(last["id"])])
        end = Seal(last["cursor_key"]).close(plain)
    return {
        "nodes": list(nodes),
        "pageInfo": {"hasNextPage": len(rows) > FIRST, "endCursor": end},
    }


def pooled(rows: Sequence[Row], member: UUID) -> list[Any]:
    releases: dict[str | None, str | None] = {}
    nodes = []
    for row in rows[:FIRST]:
        rules, level = parsed_rules(row["rules"]), row["level"]
        claimable = refused(refusal) if (refusal := refusal_of(row, member)) else None
        if claimable is None:
            if level not in releases:
                calendar = stored_calendar(row["time_zone"], None)
                plan = terms.planned(rules, calendar, level, row["now"])
                releases[level] = _text(plan.release_at)
            claimable = {"__typename": "Claimable", "releaseAt": releases[level]}
        phone, email = row["phone"], row["email"]
        shown_phone = mask_phone(phone) if phone and "PHONE" in rules.masked else phone
        shown_email = mask_email(email) if email and "EMAIL" in rules.masked else email
        nodes.append(
            {
                "id": ids.encode("Customer", row["id"]),
                "name": row["name"],
                "level": level,
                "openedAt": _text(row["opened_at"]),
                "contact": {
                    "person": row["person"],
                    "phone": shown_phone,
                    "masked": (phone, email) != (shown_phone, shown_email),
                },
                "claimable": claimable,
            }
        )
    return nodes


def held(row: Row) -> Any:
    rules, calendar = parsed_rules(row["rules"]), stored_calendar(row["time_zone"], None)
    ownership = Ownership.of(row)
    forecast = evaluate(ownership, rules, row["ruled_at"], calendar)
    conditions = forecast.conditions if forecast else ()
    release = {
        "at": _text(row["release_at"]),
        "reason": row["release_reason"],
        "conditions": [
            {"reason": each.reason, "at": _text(each.at), "remedy": remedy(each, rules)}
            for each in conditions
        ],
    }
    holding = {
        "since": _text(row["claimed_at"]),
        "followedUpAt": _text(row["followed_up_at"]),
        "remindAt": list(map(_text, row["remind_at"])),
        "release": release,
    }
    return {"id": ids.encode("Customer", row["id"]), "name": row["name"], "holding": holding}


def claimed(row: Row, plan: Schedule) -> Any:
    release = {"at": _text(plan.release_at), "reason": plan.release_reason}
    holding = {"since": _text(row["now"]), "release": release}
    return {"id": ids.encode("Customer", row["id"]), "name": row["name"], "holding": holding}


def refusal_of(row: Row, member: UUID) -> Refusal | None:
    columns = ("department_id", "held", "won", "claimed_on", "claimed_today")
    seat = [row[name] for name in columns]
    claimer = (
        terms.Claimer(member, *seat)
        if row["held"] is not None
        else terms.Claimer(member, row["department_id"], 0, 0, None, 0)
    )
    return terms.refusal(
        claimer,
        parsed_rules(row["rules"]),
        stored_calendar(row["time_zone"], None),
        row["now"],
        owner_id=row.get("owner_id"),
        entered_at=row["entered_at"],
        losses=row,
    )


def refused(refusal: Refusal) -> Any:
    return {"__typename": type(refusal).__name__, "message": str(refusal)}


def _text(moment: datetime | None) -> str | None:
    return write_instant(moment) if moment else None
