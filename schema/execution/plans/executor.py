"""Executes operations by their plans; what no plan fits is executed by graphql-core, in slices."""

from typing import Any

from graphql import OperationType

from schema.execution.plans.plan import Plans
from schema.execution.slicing import SlicingExecutor

plans = Plans()


class PlannedExecutor(SlicingExecutor):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if self.operation.operation is OperationType.SUBSCRIPTION:
            self.context_value.executor = self

    def execute_operation(self, serially: bool | None = None) -> Any:
        plan = plans.of(self)
        if plan is None:
            return super().execute_operation(serially)
        if serially is None:
            serially = self.operation.operation is OperationType.MUTATION
        return plan.run(self, serially=serially)
