// The client as urql's last exchange: in place of its fetch and subscription exchanges.
import {
  CombinedError,
  type Exchange,
  makeErrorResult,
  makeResult,
  type Operation,
  type OperationResult,
  stringifyDocument,
} from "@urql/core";
import { filter, make, merge, mergeMap, pipe, type Source, share, takeUntil } from "wonka";
import type { Client } from "./client.ts";
import { ConnectionLost, SeapoolError } from "./errors.ts";
import type { Followed } from "./live.ts";
import type { Operation as Document } from "./operations.ts";

/**
 * A mutation that takes `$idempotencyKey` gets one, and is repeated with it. A subscription that
 * takes `$after` and selects `cursor` goes on behind its last cursor. Where events may have been
 * missed, a result without data has `extensions.resync`: read your lists again.
 */
export function seapoolExchange(client: Client): Exchange {
  return ({ forward }) =>
    (operations) => {
      const shared = share(operations);
      const answered = pipe(
        shared,
        filter(({ kind }) => kind !== "teardown"),
        mergeMap((operation) => {
          const ended = filter<Operation>(
            ({ kind, key }) => kind === "teardown" && key === operation.key,
          );
          return pipe(answers(client, operation), takeUntil(pipe(shared, ended)));
        }),
      );
      const forwarded = pipe(
        shared,
        filter(({ kind }) => kind === "teardown"),
        forward,
      );
      return merge([answered, forwarded]);
    };
}

function answers(client: Client, operation: Operation): Source<OperationResult> {
  return make(({ next, complete }) => {
    const leaving = new AbortController();
    const run = async () => {
      for await (const each of results(client, operation, leaving.signal)) next(each);
      complete();
    };
    void run();
    return () => leaving.abort();
  });
}

async function* results(
  client: Client,
  operation: Operation,
  signal: AbortSignal,
): AsyncGenerator<OperationResult> {
  const variables: object = operation.variables ?? {};
  const document = documentOf(operation);
  try {
    if (operation.kind !== "subscription") {
      yield makeResult(operation, { data: await client.execute(document, variables, { signal }) });
      return;
    }
    const name = responseName(operation);
    for await (const live of client.follow<Followed, object>(document, variables, signal)) {
      yield live.kind === "event"
        ? makeResult(operation, { data: { [name]: live.event } })
        : makeResult(operation, { data: null, extensions: { resync: true } });
    }
  } catch (error) {
    if (!signal.aborted) yield failure(operation, error);
  }
}

function documentOf({ query }: Operation): Document<never, object> {
  const { documentId } = query as { documentId?: string };
  return { toString: () => stringifyDocument(query), __meta__: { hash: documentId } };
}

/** The name of a subscription's only field in its answers. */
function responseName({ query }: Operation): string {
  for (const definition of query.definitions) {
    if (definition.kind !== "OperationDefinition") continue;
    const [field] = definition.selectionSet.selections;
    if (field?.kind === "Field") return field.alias?.value ?? field.name.value;
  }
  throw new Error("A subscription needs a field.");
}

/** What the API says is a GraphQL error with its code; the rest is a network error. */
function failure(operation: Operation, error: unknown): OperationResult {
  if (!(error instanceof SeapoolError) || error instanceof ConnectionLost) {
    return makeErrorResult(operation, error as Error);
  }
  const { message, code, data } = error;
  const graphQLErrors = [{ message, extensions: { ...error.extensions, code } }];
  const result = makeErrorResult(operation, error);
  return { ...result, data, error: new CombinedError({ graphQLErrors }) };
}
