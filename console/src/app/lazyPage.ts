import { type ComponentType, lazy } from "react";

export const loadAllStyles = () => import("./allStyles");

/** Anything beyond the first view: with the styles of all components. */
export function lazyPage<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy(async () => (await Promise.all([load(), loadAllStyles()]))[0]);
}
