"""The steps of a plan: each field of each selected type, and how its values are completed.

A value is completed as the specification says (https://spec.graphql.org/draft, 6.4.3), and an error
has graphql-core's words.
"""

from asyncio import Future
from typing import Any

from graphql import (
    GraphQLField,
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
from schema.execution.plans.abstract import abstract
from schema.execution.plans.calls import caller
from schema.execution.plans.leaves import AS_IT_IS, Write, quick_writer, writer
from schema.execution.plans.lists import items
from schema.execution.plans.objects import Plan, object_of
from schema.execution.plans.places import Place
from schema.execution.plans.resolvers import Attribute, Function
from schema.execution.plans.run import MOST_SHARED, Finish, Run
from schema.execution.plans.sorts import AWAITABLE, FAULT, NOTHING, sorts


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
        self.finish = self._finish(inner, plan)

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

    def _finish(self, kind: Any, plan: Plan) -> Finish:
        step = self.step
        if is_leaf_type(kind):
            write = writer(kind)
            return lambda value, _place, _run: write(value)
        if is_list_type(kind):
            return items(f"{step.of.name}.{step.name}", Value(step, kind.of_type, plan))
        if is_abstract_type(kind):
            return abstract(
                step, kind, self.known, lambda found: object_of(step, found, set(), plan)
            )
        return object_of(step, kind, self.known, plan)


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
