"""Validates documents, as graphql-core does, so that nothing of the validation outlives it."""

from graphql import DocumentNode, GraphQLError, GraphQLSchema, TypeInfo, TypeInfoVisitor, visit
from graphql.language import ParallelVisitor, Visitor
from graphql.validation import ASTValidationRule, ValidationContext
from graphql.validation.validate import ValidationAbortedError, query_document_keys_to_validate
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

Rules = tuple[type[ASTValidationRule], ...]
STRAWBERRYS: Rules = (MaybeNullValidationRule, OneOfInputValidationRule)
MOST_ERRORS = 100
TOO_MANY = "Too many validation errors, error limit reached. Validation aborted."


def validate(schema: GraphQLSchema, document: DocumentNode, rules: Rules) -> list[GraphQLError]:
    """Raises RecursionError where fragments are too deep."""
    errors: list[GraphQLError] = []

    def note(error: GraphQLError) -> None:
        if len(errors) >= MOST_ERRORS:
            raise ValidationAbortedError(TOO_MANY)
        errors.append(error)

    types = TypeInfo(schema)
    context = ValidationContext(schema, document, types, note)
    visitors: list[Visitor] = [rule(context) for rule in (*rules, *STRAWBERRYS)]
    visitors.append(ParallelVisitor(visitors[:]))
    visitors.append(TypeInfoVisitor(types, visitors[-1]))
    try:
        visit(document, visitors[-1], query_document_keys_to_validate)
    except ValidationAbortedError as error:
        error.__context__ = None
        errors.append(error.with_traceback(None))
    finally:
        # A visitor remembers its own methods: only garbage collection would free it, and with it
        # the document. That of many large documents stopped the process for half a second.
        for each in visitors:
            vars(each).clear()
    return errors
