// Who is signed in. The token lives in memory only: a reload asks again.
import { useSyncExternalStore } from "react";

export type Leaving = "chosen" | "refused";
/** What ends the sign-in at the service that gave the token. */
type End = (left: Leaving) => void;
export type Session = { token: string; end?: End } | { token: null; left?: Leaving };

let session: Session = { token: null };
const listeners = new Set<() => void>();

function set(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

export function signIn(token: string, end?: End): void {
  set({ token, end });
}

/** A newer token of the same person; nothing is loaded anew. */
export function renewToken(token: string): void {
  if (session.token !== null) session.token = token;
}

export function signOut(left: Leaving): void {
  if (session.token === null) return;
  const { end } = session;
  set({ token: null, left });
  end?.(left);
}

export function getToken(): string {
  return session.token ?? "";
}

export function useSession(): Session {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => session,
  );
}
