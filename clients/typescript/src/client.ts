// The client: each call by HTTP with a key and retries; each subscription by a shared websocket.
import { ServerClock } from "./clock.ts";
import { UnknownDocument } from "./errors.ts";
import {
  AlertsDocument,
  type NoticeFragment,
  PoolChangesDocument,
  type PoolChangesSubscription,
  PoolCustomersDocument,
  ReleaseAlertsDocument,
  ViewerDocument,
} from "./gql/graphql.ts";
import { post, type Transport } from "./http.ts";
import { type Followed, Live, type LiveEvent } from "./live.ts";
import {
  type DocumentMode,
  isQuery,
  named,
  newKey,
  type Operation,
  type Payload,
  takesKey,
} from "./operations.ts";
import { retrying } from "./retries.ts";

export interface ClientOptions {
  /** Of GraphQL, e.g. https://crm.example/graphql. */
  url: string;
  /** Asked at each request and each connection: a renewed token is used at once. */
  token: () => string | Promise<string>;
  /** Accept-Language of all messages: "en" or "zh". */
  language?: string;
  documents?: DocumentMode;
  /** How often a call is tried at most. */
  attempts?: number;
  /** Of one attempt. The API answers or refuses within ten seconds. */
  timeoutMs?: number;
  /** How often a websocket is asked whether it lives; it dies half of this without an answer. */
  pingMs?: number;
  fetch?: typeof fetch;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** A mutation without a key that does no harm a second time, e.g. ReadAlerts. */
  repeatable?: boolean;
}

export type PoolChange = PoolChangesSubscription["poolChanges"];

export interface FollowOptions {
  /** The last cursor that was handled: all that was missed since comes first. */
  after?: string;
  signal?: AbortSignal;
}

export class Client {
  readonly clock = new ServerClock();
  readonly #options: ClientOptions;
  readonly #transport: Transport;
  readonly #live: Live;

  constructor(options: ClientOptions) {
    this.#options = options;
    const { url, timeoutMs = 20_000, pingMs = 10_000 } = options;
    const send = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.#transport = { url, timeoutMs, fetch: send, clock: this.clock };
    this.#live = new Live(url.replace(/^http/, "ws"), () => this.#headers(), pingMs);
  }

  /**
   * Run a query or a mutation and return its data. A mutation that takes `$idempotencyKey` gets
   * one for the call, the same at each attempt: so a call whose answer was lost is not done twice.
   * Throws a SeapoolError.
   */
  async execute<Result, Variables extends object>(
    operation: Operation<Result, Variables>,
    variables: Variables,
    { signal, repeatable = false }: CallOptions = {},
  ): Promise<Result> {
    const text = operation.toString();
    const keyed = takesKey(text);
    const given = keyed ? { idempotencyKey: newKey(), ...variables } : variables;
    return retrying(() => this.#attempt(operation, given, signal) as Promise<Result>, {
      attempts: this.#options.attempts ?? 6,
      repeatable: repeatable || keyed || isQuery(text),
      signal,
    });
  }

  /** The viewer's alerts: without `after`, those that come from now on. */
  alerts({ after, signal }: FollowOptions = {}): AsyncGenerator<LiveEvent<NoticeFragment>> {
    return this.follow(ReleaseAlertsDocument, { after }, signal, async () => {
      const { viewer } = await this.execute(AlertsDocument, { first: 1 }, { signal });
      return viewer.alerts.feedCursor;
    });
  }

  /**
   * Customers that are opened to the pool and claimed from it: without `after`, from now on. With
   * the `feedCursor` of a page as `after`, nothing is missed since it was read.
   */
  poolChanges(
    poolId: string,
    { after, signal }: FollowOptions = {},
  ): AsyncGenerator<LiveEvent<PoolChange>> {
    return this.follow(PoolChangesDocument, { poolId, after }, signal, async () => {
      const { pool } = await this.execute(PoolCustomersDocument, { poolId, first: 1 }, { signal });
      return pool?.customers.feedCursor;
    });
  }

  /**
   * A subscription whose events have a `cursor`, and that takes `$after`. It goes on behind the
   * last cursor after a cut, and yields `resync` where events may have been missed for good.
   * It ends with `signal`. Throws a SeapoolError that does not pass.
   */
  follow<Result extends Followed, Variables extends { after?: string | null }>(
    operation: Operation<Result, Variables>,
    variables: Variables,
    signal?: AbortSignal,
    restart: () => Promise<string | undefined> = () => this.#reached(signal),
  ): AsyncGenerator<LiveEvent<Result[keyof Result]>, void, undefined> {
    // A websocket sends each text once: a hash would save nothing.
    const mode = this.#options.documents === "ids" ? "ids" : "text";
    return this.#live.follow<Result>(() => named(operation, mode), variables, restart, signal);
  }

  /** Close the websocket. Calls by HTTP are not affected. */
  close(): Promise<void> {
    return this.#live.close();
  }

  async #attempt(
    operation: Operation<unknown, never>,
    variables: object,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const { documents = "text" } = this.#options;
    const send = async (payload: Payload) =>
      post(this.#transport, await this.#headers(), { ...payload, variables }, signal);
    const payload = await named(operation, documents);
    try {
      return await send(payload);
    } catch (error) {
      if (documents !== "hashes" || !(error instanceof UnknownDocument)) throw error;
      return send({ ...payload, query: operation.toString() });
    }
  }

  async #reached(signal?: AbortSignal): Promise<undefined> {
    await this.execute(ViewerDocument, {}, { signal });
  }

  async #headers(): Promise<Record<string, string>> {
    const { token, language } = this.#options;
    const authorization = { Authorization: `Bearer ${await token()}` };
    return language ? { ...authorization, "Accept-Language": language } : authorization;
  }
}

export function createClient(options: ClientOptions): Client {
  return new Client(options);
}
