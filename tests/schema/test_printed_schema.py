"""The console's types are made from the printed schema."""

from pathlib import Path

from schema.execution.schema import schema

PRINTED = Path(__file__).parents[2] / "console" / "schema.graphql"


def test_the_console_is_built_from_the_schema_of_today() -> None:
    assert PRINTED.read_text().rstrip() == schema.as_str().rstrip(), (
        "run: .venv/bin/python manage.py schema > console/schema.graphql"
    )
