// May the viewer claim this customer now? The API's answer, as time and the private pool move on.
import type { PoolRowFragment } from "../../gql/graphql";

export type Check = PoolRowFragment["claimable"];
export type CheckRefusal = Exclude<Check, { __typename: "Claimable" }>;

/** What a claim may be refused for, beside what `claimable` foresees. */
export type ClaimRefusal = CheckRefusal | { __typename: "NotFound"; message: string };

export interface Seat {
  held: number;
  capacity: number | null;
  /** Null: no limit. */
  available: number | null;
  claimsLeft: number | null;
  claimLimit: number | null;
}

/** Milliseconds since the epoch at which the refusal ends by itself; undefined where it does not. */
export function endOf(refusal: ClaimRefusal): number | undefined {
  switch (refusal.__typename) {
    case "CoolingDown":
      return Date.parse(refusal.until);
    case "NotYetOpen":
      return Date.parse(refusal.opensAt);
    case "DailyLimitReached":
      return Date.parse(refusal.resetsAt);
    default:
      return undefined;
  }
}

/** Does it still hold, by the private pool as it is now and the server's clock? */
export function holds(refusal: ClaimRefusal, seat: Seat | undefined, now: number): boolean {
  const end = endOf(refusal);
  if (end !== undefined && end <= now) return false;
  if (refusal.__typename === "CapacityReached") return !seat || seat.available === 0;
  if (refusal.__typename === "DailyLimitReached") return !seat || seat.claimsLeft === 0;
  return true;
}

export function isFull(seat: Seat | undefined): boolean {
  return seat?.available === 0;
}

export function isSpent(seat: Seat | undefined): boolean {
  return seat?.claimsLeft === 0;
}
