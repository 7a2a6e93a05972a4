// What a row says about its claim: free, refused by the API, or stopped by the private pool.
import type { PoolRowFragment } from "../../gql/graphql";
import { type ClaimRefusal, endOf, holds, isFull, isSpent, type Seat } from "./claimState";

export type Standing =
  | { kind: "free"; releaseAt: string | null }
  | { kind: "refused"; message: string; end: number | undefined }
  | { kind: "full"; held: number; capacity: number }
  | { kind: "spent"; limit: number };

/** The latest answer counts: a refused claim before what `claimable` said when the list was read. */
export function standingOf(
  { claimable }: PoolRowFragment,
  refused: ClaimRefusal | undefined,
  seat: Seat | undefined,
  now: number,
): Standing {
  const refusals = [refused, claimable.__typename === "Claimable" ? undefined : claimable];
  const refusal = refusals.find((each) => each && holds(each, seat, now));
  if (refusal) return { kind: "refused", message: refusal.message, end: endOf(refusal) };
  if (seat && isFull(seat)) return { kind: "full", held: seat.held, capacity: seat.capacity ?? 0 };
  if (seat && isSpent(seat)) return { kind: "spent", limit: seat.claimLimit ?? 0 };
  const releaseAt = claimable.__typename === "Claimable" ? (claimable.releaseAt ?? null) : null;
  return { kind: "free", releaseAt };
}
