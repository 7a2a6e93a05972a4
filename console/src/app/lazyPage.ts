// What is not in the first view loads later, and again where the connection was lost meanwhile.
import { type ComponentType, lazy } from "react";
import { isOnline, reachable } from "../graphql/connection";

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

const ATTEMPTS = 4;

const loadAllStyles = () => import("./allStyles");
const beyondFirstView: (() => Promise<unknown>)[] = [loadAllStyles];

/** With the styles of all components. */
export function lazyPage<Props>(load: Load<Props>) {
  beyondFirstView.push(load);
  return lazy(() => patiently(async () => (await Promise.all([load(), loadAllStyles()]))[0]));
}

/** With the styles of the first view only. */
export function lazyPart<Props>(load: Load<Props>) {
  beyondFirstView.push(load);
  return lazy(() => patiently(load));
}

/** Load the rest when nothing else is to do, so that a lost connection stops nobody. */
export async function loadTheRest(): Promise<void> {
  for (const load of beyondFirstView.splice(0)) {
    await new Promise((idle) => setTimeout(idle, 100));
    await load().catch(() => beyondFirstView.push(load));
  }
}

async function patiently<Value>(load: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await load();
    } catch (error) {
      if (attempt >= ATTEMPTS && isOnline()) throw error;
      await reachable();
    }
  }
}
