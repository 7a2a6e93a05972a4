// Is the API within reach? Learned from the browser, from requests and from the websocket.
import { useEffect, useRef, useSyncExternalStore } from "react";

let reached = true;
let live = true;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

export function requestReached(value: boolean): void {
  if (reached === value) return;
  reached = value;
  tell();
}

export function socketIsLive(value: boolean): void {
  if (live === value) return;
  live = value;
  if (value) reached = true;
  tell();
}

export function isOnline(): boolean {
  return navigator.onLine && reached && live;
}

export function subscribeToConnection(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

const PAUSE = 1_000;

/** After a pause in milliseconds, or as soon as the connection is back. */
export function reachable(pause = PAUSE): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, pause);
    const stop = subscribeToConnection(() => isOnline() && done());
    function done(): void {
      clearTimeout(timer);
      stop();
      resolve();
    }
  });
}

export function useOnline(): boolean {
  return useSyncExternalStore(subscribeToConnection, isOnline);
}

/** Calls `back` when the API can be reached again after it could not. */
export function useWhenBack(back: () => void): void {
  const online = useOnline();
  const was = useRef(online);
  useEffect(() => {
    if (online && !was.current) back();
    was.current = online;
  }, [online, back]);
}
