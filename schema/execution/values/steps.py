"""The steps of a plan: each field of each selected type, and how its values are completed.

A value is completed as the specification says (https://spec.graphql.org/draft, 6.4.3), and an error
has graphql-core's words.
"""

from asyncio import Future
from collections.abc import Sequence
from typing import Any, Protocol

from graphql import (
    GraphQLField,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path

from schema.execution.outgoing_texts import Masking
from schema.execution.values.abstract import Abstract
from schema.execution.values.calls import caller
from schema.execution.values.columns import Many
from schema.execution.values.leaves import AS_IT_IS, Write, quick_writer, writer
from schema.execution.values.lists import Items
from schema.execution.values.objects import Objects, Plan
from schema.execution.values.places import Place
from schema.execution.values.resolvers import Attribute, Function
from schema.execution.values.run import MOST_SHARED, Finish, Run
from schema.execution.values.sorts import AWAITABLE, FAULT, NOTHING, sorts


class Completion(Protocol):
    """Completes values that are neither nothing nor awaited."""

    def finish(self, value: Any, place: Place, run: Run) -> Any: ...

    def many(self, values: Sequence[Any], run: Run) -> Sequence[Any] | None: ...


class Leaf:
    """Writes scalars and enums."""

    def __init__(self, kind: GraphQLLeafType) -> None:
        self._write = writer(kind)

    def finish(self, value: Any, _place: Place, _run: Run) -> Any:
        return self._write(value)

    def many(self, values: Sequence[Any], _run: Run) -> Sequence[Any]:
        return [*map(self._write, values)]


class Value:
    """The values of a field, or the items of its list."""

    def __init__(self, step: "Step", kind: GraphQLOutputType, plan: Plan) -> None:
        self.step = step
        self.nodes = [each.node for each in step.details]
        self.nullable = not is_non_null_type(kind)
        inner: Any = kind.of_type if is_non_null_type(kind) else kind
        self.write: Write | None = quick_writer(inner) if is_leaf_type(inner) else None
        self.plain = AS_IT_IS.get(inner.name) if self.write else None
        # The classes of objects that are neither awaited nor a fault.
        self.known: set[type] = set()
        completion = self._completion(inner, plan)
        self.objects = completion if isinstance(completion, Objects) else None
        self.finish: Finish = completion.finish
        self.many: Many = completion.many

    def complete(self, value: Any, place: Place, run: Run) -> Any:
        """Return what the value is written as; None where it is awaited first."""
        if type(value) in self.known:
            return self.finish(value, place, run)
        sort = NOTHING if value is None else sorts[type(value)]
        if sort == NOTHING:
            if self.nullable:
                return None
            name = f"{self.step.of.name}.{self.step.name}"
            raise TypeError(f"Cannot return null for non-nullable field {name}.")
        if sort == FAULT:
            raise value
        if sort == AWAITABLE:
            if isinstance(value, Future) and value.done() and not value.cancelled():
                return self.complete(value.result(), place, run)
            run.waiting.append((value, self, place))
            return None
        return self.finish(value, place, run)

    def _completion(self, kind: Any, plan: Plan) -> Completion:
        step = self.step
        if is_leaf_type(kind):
            return Leaf(kind)
        if is_list_type(kind):
            return Items(f"{step.of.name}.{step.name}", Value(step, kind.of_type, plan))
        if is_abstract_type(kind):
            return Abstract(step, kind, self.known, lambda found: Objects(step, found, set(), plan))
        return Objects(step, kind, self.known, plan)


class Step(Value):
    """A field of an object, under its name in the answer."""

    def __init__(
        self,
        key: str,
        of: GraphQLObjectType,
        field: GraphQLField,
        details: FieldDetailsList,
        plan: Plan,
    ) -> None:
        self.key = key
        self.of = of
        self.field = field
        self.details = details
        self.name = details[0].node.name.value
        super().__init__(self, field.type, plan)
        masking = field.resolve if isinstance(field.resolve, Masking) else None
        resolve = masking.resolve if masking else field.resolve
        self.mask = masking.mask if masking else None
        self.attribute = resolve.name if isinstance(resolve, Attribute) else None
        self.function = resolve if isinstance(resolve, Function) else None
        self.call = self.function.call if self.function else None
        self.together = self.function.together if self.function else None
        self.resolve = caller(self, resolve)

    def info(self, executor: Any) -> Any:
        """A new one; its path names the field alone."""
        path = Path(None, self.key, self.of.name)
        return executor.build_resolve_info(self.field, self.nodes, self.of, path)

    def told(self, executor: Any) -> Any:
        """What the resolver is told of the field: an Info, of Strawberry's or graphql-core's."""
        if self.function is None:
            return self.info(executor)
        return self.function.info_of(self.info(executor)) if self.function.info else None

    def complete(self, value: Any, place: Place, run: Run) -> Any:
        """Complete what many objects of a list share once: a pool, an owner, the same refusal.

        What still waits belongs to one place, and an error has one path: such a value is completed
        again.
        """
        shared = run.shared.get((self, id(value)))
        if shared:
            return shared[1]
        before = len(run.waiting), len(run.later), run.failures
        complete = self.finish if type(value) in self.known else super().complete
        completed = complete(value, place, run)
        after = len(run.waiting), len(run.later), run.failures
        if after == before and type(value) in self.known and len(run.shared) < MOST_SHARED:
            # Kept with the value: nothing else gets its id.
            run.shared[self, id(value)] = value, completed
        return completed
