// The server's clock: every deadline is shown by it, so that a wrong local clock misleads nobody.
import { useSyncExternalStore } from "react";

let offset = 0;

/** Learn the offset from an answer's Date header, which names whole seconds. */
export function learnTime(header: string | null, sentAt: number, receivedAt: number): void {
  const server = header ? Date.parse(header) : Number.NaN;
  if (Number.isNaN(server)) return;
  const low = server - receivedAt;
  const high = server + 1000 - sentAt;
  if (offset < low || offset > high) offset = Math.round((low + high) / 2);
}

/** Milliseconds since the epoch, as the server counts them. */
export function serverNow(): number {
  return Date.now() + offset;
}

const listeners = new Set<() => void>();
let second = Math.floor(serverNow() / 1000);
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  const now = Math.floor(serverNow() / 1000);
  if (now === second) return;
  second = now;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 250);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The server's time in whole seconds; one timer serves every countdown on the page. */
export function useServerSeconds(): number {
  return useSyncExternalStore(subscribe, () => second);
}

/** The server's time in whole minutes, as milliseconds since the epoch: for what changes seldom. */
export function useServerMinute(): number {
  return useSyncExternalStore(subscribe, () => Math.floor(second / 60) * 60_000);
}
