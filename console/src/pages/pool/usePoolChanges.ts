// What happens in a pool, as it happens: claimed customers leave the list, opened ones come.
import { useEffect, useRef } from "react";
import { useClient } from "urql";
import { graphql } from "../../gql";
import type { PoolChangeKind } from "../../gql/graphql";
import { useWhenBack } from "../../graphql/connection";

// Without `claimable`: the API then renders each change once for everybody who watches.
const Changes = graphql(`
  subscription PoolChanges($poolId: ID!, $after: Cursor) {
    poolChanges(poolId: $poolId, after: $after) { cursor kind customer { id } }
  }
`);

/** `onGap`: changes may have been missed, as the connection was lost before there was a cursor. */
export function usePoolChanges(
  poolId: string,
  onChange: (kind: PoolChangeKind, customerId: string) => void,
  onGap: () => void,
): void {
  const client = useClient();
  const hasCursor = useRef(false);
  const latest = useRef({ onChange, onGap });
  latest.current = { onChange, onGap };

  useEffect(() => {
    hasCursor.current = false;
    const { unsubscribe } = client.subscription(Changes, { poolId }).subscribe(({ data }) => {
      if (!data) return;
      hasCursor.current = true;
      latest.current.onChange(data.poolChanges.kind, data.poolChanges.customer.id);
    });
    return unsubscribe;
  }, [client, poolId]);

  useWhenBack(() => {
    if (!hasCursor.current) latest.current.onGap();
  });
}
