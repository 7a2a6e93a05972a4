"""What the reference shows of each operation, object and refusal: words, not only its name."""

from graphql import GraphQLInterfaceType

from schema.execution.schema import schema

BUILT = schema._schema


def test_each_operation_says_what_it_does_or_returns() -> None:
    roots = (BUILT.query_type, BUILT.mutation_type, BUILT.subscription_type)
    fields = {name: field for root in roots if root for name, field in root.fields.items()}
    assert {name for name, field in fields.items() if not field.description} == set()


def test_each_object_with_an_id_and_each_refusal_says_what_it_is() -> None:
    for name in ("Node", "Refusal"):
        interface = BUILT.get_type(name)
        assert isinstance(interface, GraphQLInterfaceType)
        kinds = [interface, *BUILT.get_implementations(interface).objects]
        assert {each.name for each in kinds if not each.description} == set()
