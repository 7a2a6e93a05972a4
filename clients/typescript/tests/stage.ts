// The stage of these tests: a real API behind a wire, and who may cut it. pytest starts it.
import { type ClientOptions, createClient, type LiveEvent } from "@seapool/client";

interface Stage {
  control: string;
  url: string;
  token: string;
  poolId: string;
}

export const stage = JSON.parse(process.env.SEAPOOL_STAGE ?? "{}") as Stage;

/** What the stage can do is in tests/clients/stage.py. */
export async function ask<Answer>(verb: string, given: object = {}): Promise<Answer> {
  const body = JSON.stringify(given);
  const response = await fetch(`${stage.control}/${verb}`, { method: "POST", body });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Answer;
}

export const customers = (count: number) => ask<string[]>("customers", { count });
export const story = (id: string) => ask<string[]>("story", { id });

export function client(options: Partial<ClientOptions> = {}) {
  const made = createClient({ url: stage.url, token: () => stage.token, ...options });
  return Object.assign(made, { [Symbol.asyncDispose]: () => made.close() });
}

export async function next<Event>(events: AsyncIterator<LiveEvent<Event>>) {
  const { value } = await events.next();
  return value as LiveEvent<Event>;
}
