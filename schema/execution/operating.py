"""Runs one query or mutation that came by POST, from its document to its answer.

Websockets go through Strawberry's own way, with the same steps as extensions: it costs more than a
small query itself, but a subscription needs it once.
"""

from inspect import isawaitable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    specified_rules,
)

from models import database
from schema.base import errors
from schema.base.context import Context
from schema.base.deadline import ClientLeft
from schema.execution import bad_values
from schema.execution.bodies.envelope import NO_SUBSCRIPTION, Operation, no_operation
from schema.execution.bodies.refused import Malformed
from schema.execution.documents.extension import preparation, weighed
from schema.execution.documents.preparing import Prepared
from schema.execution.fair import charge
from schema.execution.plans.executor import PlannedExecutor, plans
from schema.execution.plans.reused import for_request
from schema.execution.slicing import are_many
from schema.execution.telling.timing import Timing
from schema.execution.turns import SLICE, Line
from schema.fairness.shares import shares

FEW = 20
RULES = tuple(specified_rules)


async def operate(schema: GraphQLSchema, operation: Operation, context: Context) -> ExecutionResult:
    """Return the answer.

    Raises Malformed where the document has no such operation, ClientLeft where nobody waits for it.
    """
    timing = Timing(context)
    prepared = await preparation.of(schema, operation.document, RULES)
    definition = _definition(prepared, operation)
    timing.names(definition)
    if definition and definition.operation is OperationType.QUERY:
        context.deadline.ends_with_client = True
    try:
        result = await _executed(schema, prepared, definition, operation, context)
    except ClientLeft:
        raise
    except Exception as fault:
        result = ExecutionResult(None, [GraphQLError(str(fault), original_error=fault)])
    finally:
        context.pace.end()
    if result.errors:
        if len(result.errors) > FEW:
            await Line().turn(SLICE)  # Each is located, and told in words.
        found = bad_values.locate(result.errors, prepared.document)
        told = errors.to_graphql_errors(found, operation.name, context.reader)
        result = ExecutionResult(result.data, told)
    timing.end(result.errors or [])
    return result


async def is_subscription(schema: GraphQLSchema, operation: Operation) -> bool:
    prepared = await preparation.of(schema, operation.document, RULES)
    found = prepared.operation(operation.name)
    return found is not None and found.operation is OperationType.SUBSCRIPTION


def _definition(prepared: Prepared, operation: Operation) -> OperationDefinitionNode | None:
    """None where the document was not even read as one."""
    if prepared.document is None:
        return None
    found = prepared.operation(operation.name)
    if found is None and (operation.name is not None or not prepared.operations):
        raise Malformed(no_operation(operation.name))
    if found and found.operation is OperationType.SUBSCRIPTION:
        raise Malformed(NO_SUBSCRIPTION)
    return found


async def _executed(
    schema: GraphQLSchema,
    prepared: Prepared,
    definition: OperationDefinitionNode | None,
    operation: Operation,
    context: Context,
) -> ExecutionResult:
    variables, problems = weighed(schema, prepared, operation.name, operation.variables, context)
    if problems:
        shares.fine(context.spenders, len(operation.document), context.settings)
        return ExecutionResult(None, problems)
    assert prepared.document is not None
    assert definition is not None
    with context.deadline.running():
        if many := are_many(variables):
            await Line().turn(SLICE)  # graphql-core reads them all at once.
        charge(context, operation.document)
        async with shares.place(context.spenders, context.cost):
            with database.asking(context.viewer.organization.id, context.settings.pool_size):
                executor = _executor(schema, prepared.document, definition, variables, context)
                if isinstance(executor, list):
                    return ExecutionResult(None, executor)
                if many:
                    await Line().turn(SLICE)  # Strawberry makes inputs of them all at once.
                answer = executor.execute_operation()
                result: ExecutionResult = await answer if isawaitable(answer) else answer
                return result


def _executor(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: dict[str, Any] | None,
    context: Context,
) -> Any:
    """Return the executor, or the errors of the variables."""
    if plan := plans.known(operation):
        return for_request(plan.first, variables, context)
    name = operation.name.value if operation.name else None
    return PlannedExecutor.build(
        schema,
        document,
        context_value=context,
        raw_variable_values=variables,
        operation_name=name,
    )
