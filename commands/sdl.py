"""The GraphQL schema as text."""

import typer


def schema() -> None:
    """Print the GraphQL schema."""
    from schema.execution.schema import schema

    typer.echo(schema.as_str())
