"""The plan of an operation: its selection as flat functions, made once for each document."""

from collections import OrderedDict
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import FieldDetailsList, collect_fields, collect_subfields
from graphql.execution.executor import Executor

from schema.execution.documents.preparing import LONGEST_REMEMBERED, MOST_REMEMBERED
from schema.execution.plans.fitting import fits
from schema.execution.plans.reused import of_nobody
from schema.execution.values.objects import execute
from schema.execution.values.run import Run
from schema.execution.values.steps import Step


class Plan:
    """Makes the steps of each type when a value of that type comes first."""

    def __init__(self, executor: Executor[Any]) -> None:
        operation = executor.operation
        kind = executor.schema.get_root_type(operation.operation)
        assert kind is not None
        groups, _, _ = collect_fields(
            executor.schema, executor.fragments, executor.variable_values, kind, operation
        )
        self.operation = operation
        self.steps = self._steps(executor.schema, kind, groups)
        self.first = of_nobody(executor)

    def steps_of(self, kind: GraphQLObjectType, details: FieldDetailsList, run: Run) -> list[Step]:
        executor = run.executor
        groups, _, _ = collect_subfields(
            executor.schema,
            executor.fragments,
            executor.variable_values,
            executor.operation,
            kind,
            details,
        )
        return self._steps(executor.schema, kind, groups)

    def _steps(self, schema: GraphQLSchema, kind: GraphQLObjectType, groups: Any) -> list[Step]:
        found = []
        for key, details in groups.items():
            if field := schema.get_field(kind, details[0].node.name.value):
                found.append(Step(key, kind, field, details, self))
        return found

    async def run(self, executor: Executor[Any], *, serially: bool) -> ExecutionResult:
        run = Run(executor)
        data: dict[str, Any] = {}
        try:
            await run.begin()
            for steps in [[each] for each in self.steps] if serially else [self.steps]:
                part = execute(steps, executor.root_value, None, run)
                await run.finish()
                if run.is_null:
                    break
                data |= part
        except GraphQLError as error:
            executor.collected_errors.add(error, None)
            run.is_null = True
            run.abandon()
        except BaseException:
            run.abandon()
            raise
        finally:
            run.pace.go()
        errors = executor.collected_errors.errors
        return ExecutionResult(None if run.is_null else data, errors or None)


class Plans:
    """The latest plans; an operation that no plan fits has none.

    A plan keeps its document, so as many are remembered as there are remembered documents.
    """

    def __init__(self) -> None:
        self._remembered: OrderedDict[int, tuple[OperationDefinitionNode, Plan | None]]
        self._remembered = OrderedDict()
        self._size = 0

    def known(self, operation: OperationDefinitionNode) -> Plan | None:
        """Return the plan that was made before; None also where no plan fits."""
        return self._remembered[id(operation)][1] if id(operation) in self._remembered else None

    def of(self, executor: Executor[Any]) -> Plan | None:
        # By identity: a node's own hash walks all that is below it.
        key, operation = id(executor.operation), executor.operation
        if key in self._remembered:
            self._remembered.move_to_end(key)
            return self._remembered[key][1]
        plan = Plan(executor) if fits(executor) else None
        if _size(operation) <= LONGEST_REMEMBERED:
            self._remember(operation, plan)
        return plan

    def _remember(self, operation: OperationDefinitionNode, plan: Plan | None) -> None:
        self._remembered[id(operation)] = (operation, plan)
        self._size += _size(operation)
        while self._size > MOST_REMEMBERED:
            _, (forgotten, _) = self._remembered.popitem(last=False)
            self._size -= _size(forgotten)


def _size(operation: OperationDefinitionNode) -> int:
    """The characters of its document."""
    return len(operation.loc.source.body) if operation.loc else MOST_REMEMBERED
