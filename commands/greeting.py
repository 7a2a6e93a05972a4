"""`manage.py up` prints this when it is ready: the addresses, the demo's people, a first claim."""

import json
import shlex
import urllib.request
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

FIRST_CLAIMANT = "sales1@demo.test"
CLAIMABLE = """
{ pools { customers(first: 100) { nodes { id claimable { __typename } } } } }
"""
CLAIM = (
    'mutation { claimCustomer(customerId: "%s") { __typename'
    " ... on Claimed { customer { name contact { phone } holding { release { at reason } } } }"
    " ... on Refusal { message } } }"
)


def show(
    page: str | None,
    address: str,
    data: Path,
    people: list[dict[str, Any]],
    tokens: dict[str, str],
) -> None:
    """Print the addresses and a token for each person. `tokens` are by email, or empty."""
    url = f"{address}/graphql"
    # Wide, so that a token stays on one line: only the terminal may break it.
    console = Console(width=1000, highlight=False)
    console.print(f"\nSeapool is ready: [bold]{page or url}[/bold]")
    console.print(f"GraphQL: {url}\n" if page else "")
    if tokens:
        console.print(table(people, tokens))
        if line := claim_line(url, tokens.get(FIRST_CLAIMANT)):
            console.print("\nA first claim, to paste into a shell:\n")
            print(line)
    console.print("\nCtrl-C stops everything; the data stays in", str(data), end="\n\n")


def table(people: list[dict[str, Any]], tokens: dict[str, str]) -> Table:
    shown = Table("Organization", "Name", "Email", "Role", "Token", box=None, pad_edge=False)
    for column in shown.columns:
        column.no_wrap = True
    for person in people:
        columns = (person[name] for name in ("organization", "name", "email", "role"))
        shown.add_row(*columns, tokens[person["email"]])
    return shown


def claim_line(url: str, token: str | None) -> str | None:
    """Return a curl line that claims a customer with this token, None if there is none."""
    customer = first_claimable(url, token) if token else None
    if customer is None:
        return None
    body = json.dumps({"query": CLAIM % customer})
    parts = ["curl", "-s", url, "-H", f"Authorization: Bearer {token}"]
    parts += ["-H", "Content-Type: application/json", "-d", body]
    return shlex.join(parts)


def first_claimable(url: str, token: str | None) -> str | None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps({"query": CLAIMABLE}).encode(), headers)
    without_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with without_proxy.open(request, timeout=10) as answer:
        pools = (json.load(answer)["data"] or {}).get("pools", [])
    customers = (each for pool in pools for each in pool["customers"]["nodes"])
    return next((c["id"] for c in customers if c["claimable"]["__typename"] == "Claimable"), None)
