// The viewer's private pool of one pool: what they hold, and how many they may still claim.
import { useEffect, useMemo, useRef } from "react";
import { useQuery } from "urql";
import { useAlerts } from "../../app/alerts";
import { graphql } from "../../gql";
import type { PoolSeatQuery } from "../../gql/graphql";
import type { Seat } from "./claimState";

const PoolSeat = graphql(`
  query PoolSeat($poolId: ID!) {
    viewer { id privatePool(poolId: $poolId) { held capacity available claimedToday } }
    pool(id: $poolId) { id rules { dailyClaimLimit } }
  }
`);

export function useSeat(poolId: string) {
  const [{ data, error }, again] = useQuery({ query: PoolSeat, variables: { poolId } });
  const { arrived } = useAlerts();
  const known = useRef(arrived.length);
  useEffect(() => {
    if (known.current === arrived.length) return;
    known.current = arrived.length;
    again({ requestPolicy: "network-only" });
  }, [arrived.length, again]);
  const seat = useMemo(() => seatOf(data), [data]);
  return { seat, error, again };
}

function seatOf(data: PoolSeatQuery | undefined): Seat | undefined {
  const seat = data?.viewer.privatePool;
  if (!seat || !data.pool) return undefined;
  const claimLimit = data.pool.rules.dailyClaimLimit ?? null;
  return {
    held: seat.held,
    capacity: seat.capacity ?? null,
    available: seat.available ?? null,
    claimLimit,
    claimsLeft: claimLimit === null ? null : Math.max(0, claimLimit - seat.claimedToday),
  };
}
