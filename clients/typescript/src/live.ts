// Subscriptions by one websocket. Each goes on behind its last cursor, or says that it can't.
import { createClient, type Client as Socket, type SubscribePayload } from "graphql-ws";
import { errorOf, lost, Resync, type SeapoolError, SlowReader, Unauthenticated } from "./errors.ts";
import type { Payload } from "./operations.ts";
import { isPassing, pauseMs, sleep } from "./retries.ts";

/** Of `resync`: events may have been missed for good; read the lists again. */
export type LiveEvent<Event> = { kind: "event"; cursor: string; event: Event } | { kind: "resync" };

/** What a subscription tells: its only field has a cursor. */
export type Followed = Record<string, { cursor: string }>;

type Headers = () => Promise<Record<string, string>>;

const FORBIDDEN = 4403;
const TOO_MANY = 4429;

export class Live {
  readonly #socket: Socket;
  #connections = 0;

  constructor(url: string, headers: Headers, pingMs: number) {
    let silence: ReturnType<typeof setTimeout> | undefined;
    this.#socket = createClient({
      url,
      connectionParams: headers,
      retryAttempts: 0,
      lazyCloseTimeout: 1_000,
      keepAlive: pingMs,
      // graphql-ws wants a text; the API wants none beside an id.
      jsonMessageReplacer: (name, value) => (name === "query" && value === "" ? undefined : value),
      on: {
        connected: () => {
          this.#connections++;
        },
        ping: (received) => {
          // A connection that died without a word answers no ping.
          if (!received) silence = setTimeout(() => this.#socket.terminate(), pingMs / 2);
        },
        pong: (received) => {
          if (received) clearTimeout(silence);
        },
        closed: () => clearTimeout(silence),
      },
    });
  }

  /**
   * `restart` is asked where no cursor is known: it resolves once the API can be reached, perhaps
   * with a cursor behind which nothing is missed.
   */
  async *follow<Result extends Followed>(
    document: () => Promise<Payload>,
    variables: { after?: string | null },
    restart: () => Promise<string | undefined>,
    signal?: AbortSignal,
  ): AsyncGenerator<LiveEvent<Result[keyof Result]>, void, undefined> {
    let after = variables.after ?? undefined;
    let failures = 0;
    for (let attempt = 0; !signal?.aborted; attempt++) {
      const known = this.#connections;
      try {
        if (after === undefined) {
          after = await restart();
          if (attempt > 0) yield { kind: "resync" };
        }
        const payload = { query: "", ...(await document()), variables: { ...variables, after } };
        for await (const event of this.#events<Result>(payload, signal)) {
          failures = 0;
          after = event.cursor;
          yield { kind: "event", cursor: after, event };
        }
        return;
      } catch (error) {
        if (signal?.aborted) return;
        if (error instanceof Resync) after = undefined;
        if (error instanceof Resync || error instanceof SlowReader) continue;
        if (this.#connections > known) failures = 0;
        failures++;
        if (!isPassing(error) && !isRenewable(error, failures)) throw error;
        await sleep(pauseMs(failures, error.retryAfter), signal).catch(() => undefined);
      }
    }
  }

  close(): Promise<void> {
    return Promise.resolve(this.#socket.dispose());
  }

  async *#events<Result extends Followed>(
    payload: SubscribePayload,
    signal?: AbortSignal,
  ): AsyncGenerator<Result[keyof Result]> {
    const results = this.#socket.iterate<Result>(payload);
    const stop = () => void results.throw?.(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      for await (const { data, errors } of results) {
        if (errors?.[0]) throw errorOf(errors[0] as Parameters<typeof errorOf>[0]);
        if (data) yield Object.values(data)[0] as Result[keyof Result];
      }
    } catch (error) {
      throw failureOf(error);
    } finally {
      signal?.removeEventListener("abort", stop);
      await results.return?.();
    }
  }
}

/** The token may have expired while the connection was open: once, another one is asked for. */
function isRenewable(error: unknown, failures: number): error is Unauthenticated {
  return error instanceof Unauthenticated && failures === 1;
}

/** The errors of the operation, the close of the connection, or a failure to connect. */
function failureOf(error: unknown): SeapoolError | unknown {
  if (Array.isArray(error)) return errorOf(error[0]);
  const code = closeCodeOf(error);
  if (code === FORBIDDEN) {
    return errorOf({ message: "Forbidden", extensions: { code: "UNAUTHENTICATED" } });
  }
  if (code === TOO_MANY) {
    return errorOf({ message: "Too many websockets", extensions: { code: "UNAVAILABLE" } });
  }
  const isEvent = typeof Event !== "undefined" && error instanceof Event;
  return code !== undefined || isEvent ? lost(error) : error;
}

function closeCodeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error && "reason" in error
    ? error.code
    : undefined;
}
