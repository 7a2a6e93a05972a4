// What the API answers beside GraphQL: files by POST and GET, and refusals with words.
import { getToken, signOut } from "../auth/session";
import { isBusy } from "../graphql/client";
import { language } from "../i18n";

const UNAUTHORIZED = 401;
const LONGEST_WAIT = 30;

/** The API's own words; empty where a proxy answered. */
export class Refused extends Error {}

export const headers = () => ({
  Authorization: `Bearer ${getToken()}`,
  "Accept-Language": language(),
});

/** Throws Refused with the words of an answer, in which problems of a file are first. */
export function refuse(status: number, body: string): never {
  if (status === UNAUTHORIZED) signOut("refused");
  throw new Refused(wordsOf(body));
}

function wordsOf(body: string): string {
  try {
    const { message, extensions } = JSON.parse(body).errors[0];
    const problems: { message: string }[] = extensions?.problems ?? [];
    return problems.map((each) => each.message).join(" ") || message;
  } catch {
    return "";
  }
}

/**
 * Waits as long as a busy API asks, or until the signal is aborted; false where the answer is no
 * reason to wait.
 */
export async function waited(
  status: number,
  retryAfter: string | null,
  signal?: AbortSignal,
): Promise<boolean> {
  if (!isBusy(status)) return false;
  const seconds = Number(retryAfter) || 1;
  await new Promise((done) => {
    setTimeout(done, 1_000 * Math.min(seconds, LONGEST_WAIT));
    signal?.addEventListener("abort", done);
  });
  return true;
}
