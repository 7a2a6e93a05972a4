import { useQuery } from "urql";
import { graphql } from "../../gql";
import type { MyPoolsQuery } from "../../gql/graphql";

const MyPools = graphql(`
  query MyPools {
    pools {
      id
      name
      rules { capacity dailyClaimLimit lockLimit extensionLimit dealApproval }
    }
  }
`);

export type MyPool = MyPoolsQuery["pools"][number];

export function useMyPools() {
  const [{ data, error }, again] = useQuery({ query: MyPools, requestPolicy: "cache-first" });
  return { pools: data?.pools, error, again };
}

/** Undefined while loading, and for a pool that the viewer sees no more. */
export function usePoolRules(poolId: string): MyPool["rules"] | undefined {
  return useMyPools().pools?.find((pool) => pool.id === poolId)?.rules;
}
