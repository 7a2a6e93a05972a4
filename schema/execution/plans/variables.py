"""The variables of an operation that was read before: each request brings only their values."""

from collections.abc import Collection, Mapping
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
    get_nullable_type,
    is_leaf_type,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values

# As `Executor.build` has it.
MOST_PROBLEMS = 50


class Variables:
    """Reads ids, numbers, texts and the like; graphql-core reads all else, and what is wrong."""

    def __init__(
        self, schema: GraphQLSchema, definitions: Collection[VariableDefinitionNode]
    ) -> None:
        self._schema, self._definitions = schema, definitions
        # What graphql-core found wrong in a definition has no type.
        found: list[Any] = [get_variable_signature(schema, each) for each in definitions]
        kinds: list[Any] = [get_nullable_type(getattr(each, "type", None)) for each in found]
        self._leaves = (
            list(zip(found, kinds, strict=True)) if all(map(is_leaf_type, kinds)) else None
        )

    def of(self, given: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """Return what graphql-core's `get_variable_values` would: the values, or their errors."""
        values = self._leaves_of(given)
        if values is not None:
            return values
        return get_variable_values(
            self._schema, self._definitions, dict(given), max_errors=MOST_PROBLEMS
        )

    def _leaves_of(self, given: Mapping[str, Any]) -> VariableValues | None:
        if self._leaves is None:
            return None
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature, kind in self._leaves:
            name = signature.name
            value = given.get(name, Undefined)
            sources[name] = VariableValueSource(signature, value)
            if value is Undefined or value is None:
                if kind is not signature.type or (value is Undefined and signature.default):
                    return None
                if value is None:
                    coerced[name] = None
                continue
            try:
                coerced[name] = kind.coerce_input_value(value)
            except Exception:
                return None
            if coerced[name] is Undefined:
                return None
        return VariableValues(sources, coerced)
