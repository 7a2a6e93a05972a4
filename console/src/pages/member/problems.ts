// Where the words of a refused hand-over belong.
import type { RefusalLike } from "../../graphql/useCommand";

type Field = "receivers" | "customers" | "reason" | "other";

const FIELDS: Record<string, Field> = {
  toMemberIds: "receivers",
  handOverTo: "receivers",
  customerIds: "customers",
  reason: "reason",
};

/** `toMemberIds.2` and `toMemberIds` stand at the same field. */
export function problemsOf(refusal: RefusalLike): Partial<Record<Field, string>> {
  if (!refusal.problems?.length) return { other: refusal.message };
  const found = refusal.problems.map(
    ({ path, message }) => [FIELDS[path.split(".")[0] ?? ""] ?? "other", message] as const,
  );
  return Object.fromEntries(found.toReversed());
}
