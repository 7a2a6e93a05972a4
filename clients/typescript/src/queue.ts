// Claims made without a connection. Each keeps its key, so that a replay never claims twice.
import type { Client } from "./client.ts";
import { SeapoolError, Unauthenticated } from "./errors.ts";
import { ClaimCustomerDocument, type ClaimCustomerMutation } from "./gql/graphql.ts";
import { newKey } from "./operations.ts";
import { isPassing } from "./retries.ts";

export interface QueuedClaim {
  customerId: string;
  key: string;
  /** Milliseconds since the epoch, by the server's clock as far as it is known. */
  queuedAt: number;
}

/** Where the queue lies between two starts of the app. */
export interface QueueStorage {
  load(): QueuedClaim[] | Promise<QueuedClaim[]>;
  save(claims: QueuedClaim[]): void | Promise<void>;
}

export type Replayed =
  | { claim: QueuedClaim; outcome: ClaimCustomerMutation["claimCustomer"] }
  | { claim: QueuedClaim; error: SeapoolError };

export function memoryStorage(): QueueStorage {
  let kept: QueuedClaim[] = [];
  return {
    load: () => kept,
    save: (claims) => {
      kept = claims;
    },
  };
}

/** `storage` is localStorage, or anything of its form. */
export function webStorage(
  storage: Pick<Storage, "getItem" | "setItem">,
  name = "seapool.claims",
): QueueStorage {
  return {
    load: () => JSON.parse(storage.getItem(name) ?? "[]") as QueuedClaim[],
    save: (claims) => storage.setItem(name, JSON.stringify(claims)),
  };
}

export class ClaimQueue {
  readonly #client: Client;
  readonly #storage: QueueStorage;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(client: Client, storage: QueueStorage = memoryStorage()) {
    this.#client = client;
    this.#storage = storage;
  }

  /** The claim is kept before this resolves. A customer that waits already keeps its first key. */
  async add(customerId: string): Promise<QueuedClaim> {
    return this.#alone(async () => {
      const claims = await this.#storage.load();
      const known = claims.find((each) => each.customerId === customerId);
      if (known) return known;
      const claim = { customerId, key: newKey(), queuedAt: this.#client.clock.now() };
      await this.#storage.save([...claims, claim]);
      return claim;
    });
  }

  async waiting(): Promise<QueuedClaim[]> {
    return this.#storage.load();
  }

  /**
   * Send what waits, in order. What is answered leaves the queue. The rest stays, and the error is
   * thrown, where the API can't be reached or wants another token.
   */
  async replay(answered: (replayed: Replayed) => void): Promise<void> {
    await this.#alone(async () => {
      for (const claim of await this.#storage.load()) {
        const replayed = await this.#send(claim);
        answered(replayed);
        const left = (await this.#storage.load()).filter((each) => each.key !== claim.key);
        await this.#storage.save(left);
      }
    });
  }

  async #send(claim: QueuedClaim): Promise<Replayed> {
    const variables = { customerId: claim.customerId, idempotencyKey: claim.key };
    try {
      const { claimCustomer } = await this.#client.execute(ClaimCustomerDocument, variables);
      return { claim, outcome: claimCustomer };
    } catch (error) {
      const isFinal = error instanceof SeapoolError && !(error instanceof Unauthenticated);
      if (!isFinal || isPassing(error)) throw error;
      return { claim, error };
    }
  }

  /** One at a time: none overwrites what another has stored. */
  #alone<Result>(act: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
