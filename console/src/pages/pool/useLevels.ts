// The levels to choose from: those of the pool's rules, and those that its customers have.
import { useRef } from "react";
import { useQuery } from "urql";
import { graphql } from "../../gql";
import type { PoolRowFragment } from "../../gql/graphql";

const PoolLevels = graphql(`
  query PoolLevels($poolId: ID!) {
    pool(id: $poolId) { id rules { levels { level } } }
  }
`);

export function useLevels(poolId: string, rows: PoolRowFragment[], chosen: string | null) {
  const [{ data }] = useQuery({ query: PoolLevels, variables: { poolId } });
  const seen = useRef({ poolId, levels: new Set<string>() });
  if (seen.current.poolId !== poolId) seen.current = { poolId, levels: new Set() };
  const { levels } = seen.current;
  for (const { level } of rows) if (level) levels.add(level);
  for (const { level } of data?.pool?.rules.levels ?? []) levels.add(level);
  if (chosen) levels.add(chosen);
  return [...levels].sort((one, other) => one.localeCompare(other));
}
