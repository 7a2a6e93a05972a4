// One websocket for all subscriptions. Each resumes after the last cursor that it received.
import type { SubscriptionOperation } from "@urql/core";
import { type Client, createClient } from "graphql-ws";
import { getToken, signOut } from "../auth/session";
import { language } from "../i18n";
import { socketIsLive } from "./connection";

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

/** `after` is read again at each connection: what was missed meanwhile comes first. */
export function resumable(operation: SubscriptionOperation): {
  query: string;
  variables: Record<string, unknown>;
  received(data: unknown): void;
} {
  let after: unknown = (operation.variables as { after?: unknown } | undefined)?.after;
  const variables = {
    ...operation.variables,
    get after() {
      return after;
    },
  };
  return {
    query: operation.query ?? "",
    variables,
    received(data) {
      const event = Object.values(data ?? {}).find((each) => each?.cursor);
      if (event) after = event.cursor;
    },
  };
}
