// One websocket for all subscriptions. Each resumes after the last cursor that it received.
import type { SubscriptionOperation } from "@urql/core";
import type { FormattedExecutionResult } from "graphql";
import { type Client, createClient, type Sink } from "graphql-ws";
import { getToken, signOut } from "../auth/session";
import { language } from "../i18n";
import { socketIsLive } from "./connection";

/**
 * The event of the window that asks every list to load anew: events were missed for good. The
 * subscription has ended: `useStart` begins another one behind the new list.
 */
export const RESYNC = "RESYNC";
const SLOW_READER = "SLOW_READER";
const BAD_REQUEST = "BAD_REQUEST";
const PAUSE = 3_000;
const FORBIDDEN = 4403;
const LONGEST_WAIT = 10_000;

const wasForbidden = (event: unknown): boolean =>
  typeof event === "object" && event !== null && "code" in event && event.code === FORBIDDEN;

export function createLive(): Client {
  const url = new URL("/graphql", window.location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return createClient({
    url: url.href,
    connectionParams: () => ({
      Authorization: `Bearer ${getToken()}`,
      "Accept-Language": language(),
    }),
    // Open also without a subscription: its end tells at once that the token is good no more.
    lazy: false,
    onNonLazyError: () => undefined,
    keepAlive: 10_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: wait,
    shouldRetry: (event) => !wasForbidden(event),
    on: {
      connected: () => socketIsLive(true),
      closed: (event) => {
        if (wasForbidden(event)) signOut("refused");
        else if (!(event instanceof CloseEvent && event.code === 1000)) socketIsLive(false);
      },
    },
  });
}

/** Wait longer after each failure, but no longer than until the browser is online again. */
function wait(retries: number): Promise<void> {
  const most = Math.min(LONGEST_WAIT, 300 * 2 ** retries);
  return new Promise((resolve) => {
    const timer = setTimeout(done, most * (0.5 + Math.random() / 2));
    function done(): void {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    }
    window.addEventListener("online", done);
  });
}

/** Subscribe; after a lost connection, resume behind the last cursor that was received or given. */
export function subscribeResumably(
  live: Client,
  operation: SubscriptionOperation,
  sink: Sink<FormattedExecutionResult>,
): { unsubscribe(): void } {
  let after: unknown = (operation.variables as { after?: unknown } | undefined)?.after;
  let stop: () => void = () => undefined;
  // graphql-ws reads `after` again at each connection.
  const variables = {
    ...operation.variables,
    get after() {
      return after;
    },
  };
  const payload = { query: operation.query ?? "", variables };
  const begin = () => {
    let code: unknown;
    const again = () => {
      if (code === RESYNC) {
        sink.complete();
        window.dispatchEvent(new Event(RESYNC));
        return;
      }
      const timer = setTimeout(begin, code === SLOW_READER ? 0 : PAUSE);
      stop = () => clearTimeout(timer);
    };
    stop = live.subscribe<Record<string, { cursor?: string } | null>>(payload, {
      next(result) {
        code = codeOf(result.errors) ?? code;
        if (result.errors) return;
        const event = Object.values(result.data ?? {}).find((each) => each?.cursor);
        if (event) after = event.cursor;
        sink.next(result as FormattedExecutionResult);
      },
      error(error) {
        code = codeOf(error);
        if (code && code !== BAD_REQUEST) again();
        else sink.error(error);
      },
      complete: () => (code ? again() : sink.complete()),
    });
  };
  begin();
  return { unsubscribe: () => stop() };
}

/** Undefined where the connection itself failed. */
function codeOf(error: unknown): unknown {
  return Array.isArray(error) ? error[0]?.extensions?.code : undefined;
}
