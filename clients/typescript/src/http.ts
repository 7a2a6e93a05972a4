// One attempt of one request.
import type { ServerClock } from "./clock.ts";
import { type Extensions, errorOf, errorOfStatus, lost } from "./errors.ts";
import type { Payload } from "./operations.ts";

export interface Transport {
  url: string;
  fetch: typeof fetch;
  timeoutMs: number;
  clock: ServerClock;
}

interface Answer {
  data?: unknown;
  errors?: { message: string; extensions?: Extensions }[];
}

/** Returns `data`. Throws a SeapoolError, or the signal's reason. */
export async function post(
  { url, fetch, timeoutMs, clock }: Transport,
  headers: Record<string, string>,
  payload: Payload,
  signal?: AbortSignal,
): Promise<unknown> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const sentAt = Date.now();
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json", Accept: ACCEPTED },
      body: JSON.stringify(payload),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    clock.learn(response.headers.get("Date"), sentAt, Date.now());
    const text = await response.text();
    return dataOf(response, text);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof TypeError || isTimeout(error)) throw lost(error);
    throw error;
  }
}

const ACCEPTED = "application/graphql-response+json, application/json;q=0.9";

function dataOf(response: Response, text: string): unknown {
  const answer = parsed(text);
  const retryAfter = secondsOf(response.headers.get("Retry-After"));
  const first = answer?.errors?.[0];
  if (first) {
    const extensions = { retryAfter, ...first.extensions };
    throw errorOf({ ...first, extensions }, answer?.data);
  }
  if (!answer?.data) throw errorOfStatus(response.status, retryAfter);
  return answer.data;
}

function parsed(text: string): Answer | undefined {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return undefined;
  }
}

/** Retry-After is a number of seconds or a date. */
function secondsOf(header: string | null): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  const until = (Date.parse(header) - Date.now()) / 1000;
  const found = Number.isNaN(seconds) ? until : seconds;
  return Number.isNaN(found) ? undefined : Math.max(0, found);
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}
