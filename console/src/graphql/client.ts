// The one client: HTTP for queries and mutations, the websocket for subscriptions.
import {
  Client,
  type CombinedError,
  fetchExchange,
  mapExchange,
  type Operation,
  subscriptionExchange,
} from "@urql/core";
import { retryExchange } from "@urql/exchange-retry";
import { getToken, signOut } from "../auth/session";
import { language } from "../i18n";
import { cache } from "./cache";
import { learnTime } from "./clock";
import { requestReached } from "./connection";
import { createLive, subscribeResumably } from "./live";

const UNAUTHORIZED = 401;
const BUSY = [429, 502, 503, 504];

export interface Api {
  client: Client;
  close(): void;
}

export function createApi(): Api {
  const live = createLive();
  const client = new Client({
    url: "/graphql",
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    fetch: timedFetch,
    fetchOptions: () => ({
      headers: { Authorization: `Bearer ${getToken()}`, "Accept-Language": language() },
    }),
    exchanges: [
      cache(),
      mapExchange({ onError: leaveIfRefused }),
      retryExchange({ initialDelayMs: 500, maxDelayMs: 5_000, maxNumberAttempts: 6, retryIf }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (operation) => ({
          subscribe: (sink) => subscribeResumably(live, operation, sink),
        }),
      }),
    ],
  });
  // Refused while it connects, it has nothing to close.
  const close = () => void Promise.resolve(live.dispose()).catch(() => undefined);
  return { client, close };
}

async function timedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const sentAt = Date.now();
  try {
    const response = await fetch(input, init);
    learnTime(response.headers.get("Date"), sentAt, Date.now());
    requestReached(true);
    return response;
  } catch (error) {
    if (!init?.signal?.aborted) requestReached(false);
    throw error;
  }
}

function leaveIfRefused(error: CombinedError): void {
  const unauthenticated = error.graphQLErrors.some(
    (each) => each.extensions.code === "UNAUTHENTICATED",
  );
  if (unauthenticated || error.response?.status === UNAUTHORIZED) signOut("refused");
}

/** A query may come again; a mutation only with a key that makes the second one harmless. */
function retryIf(error: CombinedError, operation: Operation): boolean {
  const repeatable =
    operation.kind === "query" ||
    (operation.kind === "mutation" && Boolean(operation.variables?.idempotencyKey));
  return repeatable && isPassing(error);
}

/** The request or its answer was lost, or the API asks to come again later. */
export function isPassing(error: CombinedError): boolean {
  const status = error.response?.status;
  return status === undefined ? Boolean(error.networkError) : isBusy(status);
}

/** The API, or a proxy before it, asks to come again later. */
export function isBusy(status: number): boolean {
  return BUSY.includes(status);
}
