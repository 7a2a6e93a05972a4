// When a call comes again: after a fault that passes, and only if a second time does no harm.
import { ConnectionLost, OverBudget, type SeapoolError, Unavailable } from "./errors.ts";

const FIRST_MS = 300;
const LONGEST_MS = 10_000;

/** Whether the same call may succeed later. */
export function isPassing(error: unknown): error is SeapoolError {
  return (
    error instanceof ConnectionLost || error instanceof Unavailable || error instanceof OverBudget
  );
}

/** Nothing was done over a budget; after the other faults, perhaps everything was. */
export function mayComeAgain(error: unknown, repeatable: boolean): error is SeapoolError {
  return error instanceof OverBudget || (repeatable && isPassing(error));
}

/**
 * Milliseconds before the next attempt, `failures` after the last success. Never before the API's
 * `retryAfter`; with jitter, so that many clients do not come at once.
 */
export function pauseMs(failures: number, retryAfter = 0, random = Math.random): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return retryAfter * 1000 + most * (0.5 + random() / 2);
}

/** Rejects with the signal's reason if it is aborted first. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(done, ms);
    function done(): void {
      signal?.removeEventListener("abort", stop);
      resolve();
    }
    function stop(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener("abort", stop, { once: true });
  });
}

export async function retrying<Result>(
  act: () => Promise<Result>,
  { attempts, repeatable, signal }: { attempts: number; repeatable: boolean; signal?: AbortSignal },
): Promise<Result> {
  for (let failures = 1; ; failures++) {
    try {
      return await act();
    } catch (error) {
      if (failures >= attempts || !mayComeAgain(error, repeatable)) throw error;
      await sleep(pauseMs(failures, error.retryAfter), signal);
    }
  }
}
