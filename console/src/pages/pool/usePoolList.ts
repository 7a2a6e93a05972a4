// The customers of a pool: pages by cursor, less what was claimed since, and what opened on top.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useClient } from "urql";
import { graphql } from "../../gql";
import type { PoolChangeKind, PoolOrder, PoolRowFragment } from "../../gql/graphql";
import { useWhenBack } from "../../graphql/connection";
import { RESYNC } from "../../graphql/live";
import { type Pages, usePages } from "../../graphql/usePages";
import { usePoolChanges } from "./usePoolChanges";

export const PoolCustomers = graphql(`
  query PoolCustomers(
    $poolId: ID!, $first: Int!, $after: Cursor, $orderBy: PoolOrder!, $search: String, $level: String
  ) {
    pool(id: $poolId) {
      id
      customers(first: $first, after: $after, orderBy: $orderBy, search: $search, level: $level) {
        totalCount
        feedCursor
        pageInfo { hasNextPage endCursor }
        nodes { ...PoolRow }
      }
    }
  }
`);

export interface Filters {
  search: string | null;
  level: string | null;
  orderBy: PoolOrder;
}

const PAGE = 50;
const MOST = 100;
const GATHER_MS = 250;
const NONE: ReadonlySet<string> = new Set();
const NO_ROWS: PoolRowFragment[] = [];

const without = (ids: ReadonlySet<string>, less: Iterable<string>): ReadonlySet<string> => {
  const rest = new Set(ids);
  for (const id of less) rest.delete(id);
  return rest;
};

export interface PoolList extends Pages<PoolRowFragment> {
  /** Opened since the list was read: they stand on top until it is read again. */
  opened: ReadonlySet<string>;
  leave: (ids: string[]) => void;
}

export function usePoolList(poolId: string, filters: Filters): PoolList {
  const pages = usePages(
    PoolCustomers,
    { poolId, first: PAGE, ...filters },
    (data) => data.pool?.customers,
  );
  const [gone, setGone] = useState(NONE);
  const leave = useCallback((ids: string[]) => setGone((all) => new Set([...all, ...ids])), []);
  const [come, opens, closes, forget] = useOpened(poolId, filters, setGone, pages.refresh);
  const onChange = useCallback(
    (kind: PoolChangeKind, id: string) => {
      if (kind === "OPENED") return opens(id);
      closes(id);
      leave([id]);
    },
    [opens, closes, leave],
  );
  usePoolChanges(poolId, pages.feedCursor, onChange);
  // Away when the page was opened: there is no list yet.
  useWhenBack(() => {
    if (pages.feedCursor === undefined) pages.refresh();
  });
  useEffect(() => {
    const anew = () => {
      setGone(NONE);
      forget();
    };
    window.addEventListener(RESYNC, anew);
    return () => window.removeEventListener(RESYNC, anew);
  }, [forget]);

  return useMemo(() => {
    const opened = new Set(come.map(({ id }) => id));
    const rows = [...come, ...pages.nodes.filter(({ id }) => !opened.has(id))];
    const nodes = rows.filter(({ id }) => !gone.has(id));
    const read = new Set(pages.nodes.map(({ id }) => id));
    const left = pages.nodes.filter(({ id }) => gone.has(id)).length;
    const added = come.filter(({ id }) => !read.has(id) && !gone.has(id)).length;
    const total = pages.totalCount;
    const totalCount = total === undefined ? undefined : Math.max(0, total - left + added);
    return { ...pages, nodes, totalCount, opened, leave };
  }, [pages, come, gone, leave]);
}

/** Reads what opened, some at a time, and only what the filters would find. */
function useOpened(
  poolId: string,
  { search, level }: Filters,
  setGone: (change: (all: ReadonlySet<string>) => ReadonlySet<string>) => void,
  refresh: () => void,
) {
  const client = useClient();
  const [come, setCome] = useState(NO_ROWS);
  const awaited = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const read = useRef(() => undefined as unknown);
  read.current = async () => {
    const ids = new Set(awaited.current);
    if (ids.size > MOST) refresh();
    const order = "OPENED_LATEST" as const;
    const variables = { poolId, first: MOST, orderBy: order, search, level, after: null };
    const options = { requestPolicy: "network-only" } as const;
    const { data } = await client.query(PoolCustomers, variables, options).toPromise();
    const found = data?.pool?.customers.nodes.filter(({ id }) => awaited.current.has(id)) ?? [];
    for (const id of ids) awaited.current.delete(id);
    const fresh = new Set(found.map(({ id }) => id));
    setGone((all) => without(all, fresh));
    setCome((all) => [...found, ...all.filter(({ id }) => !fresh.has(id))]);
  };

  const opens = useCallback((id: string) => {
    awaited.current.add(id);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => read.current(), GATHER_MS);
  }, []);
  const closes = useCallback((id: string) => {
    awaited.current.delete(id);
    setCome((all) => (all.some((row) => row.id === id) ? all.filter((row) => row.id !== id) : all));
  }, []);
  const forget = useCallback(() => setCome(NO_ROWS), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other filters place the rows anew
  useEffect(forget, [poolId, search, level]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return [come, opens, closes, forget] as const;
}
