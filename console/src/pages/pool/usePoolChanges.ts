// What happens in a pool, as it happens: claimed customers leave the list, opened ones come.
import { useEffect, useRef } from "react";
import { useClient } from "urql";
import { graphql } from "../../gql";
import type { PoolChangeKind } from "../../gql/graphql";
import { useStart } from "../../graphql/useStart";

// Without `claimable`: the API then renders each change once for everybody who watches.
const Changes = graphql(`
  subscription PoolChanges($poolId: ID!, $after: Cursor) {
    poolChanges(poolId: $poolId, after: $after) { cursor kind customer { id } }
  }
`);

/** Of a pool that stays the same; `feedCursor` is that of its list. */
export function usePoolChanges(
  poolId: string,
  feedCursor: string | undefined,
  onChange: (kind: PoolChangeKind, customerId: string) => void,
): void {
  const client = useClient();
  const after = useStart(feedCursor);
  const latest = useRef(onChange);
  latest.current = onChange;

  useEffect(() => {
    if (after === undefined) return;
    const { unsubscribe } = client
      .subscription(Changes, { poolId, after })
      .subscribe(({ data }) => {
        if (data) latest.current(data.poolChanges.kind, data.poolChanges.customer.id);
      });
    return unsubscribe;
  }, [client, poolId, after]);
}
