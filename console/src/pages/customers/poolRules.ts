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

export function useMyPools(): MyPool[] | undefined {
  const [{ data }] = useQuery({ query: MyPools, requestPolicy: "cache-first" });
  return data?.pools;
}

/** Undefined while loading, and for a pool that the viewer sees no more. */
export function usePoolRules(poolId: string): MyPool["rules"] | undefined {
  return useMyPools()?.find((pool) => pool.id === poolId)?.rules;
}
