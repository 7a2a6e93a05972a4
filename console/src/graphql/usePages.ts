// Endless scroll by cursor: each page stays live in the cache; a row is shown once.
import type { CombinedError, RequestPolicy } from "@urql/core";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type AnyVariables, type TypedDocumentNode, useClient } from "urql";
import { RESYNC } from "./live";

export interface Connection<Node> {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  totalCount?: number;
  feedCursor?: string;
}

interface Page<Node> {
  after: string | null;
  connection?: Connection<Node>;
  /** Read from the API, not only from the cache. */
  fresh?: boolean;
}

export interface Pages<Node> {
  nodes: Node[];
  totalCount: number | undefined;
  /** Of the first page, once the API has answered: behind it, a subscription misses nothing. */
  feedCursor: string | undefined;
  loading: boolean;
  error: CombinedError | undefined;
  hasMore: boolean;
  loadMore: () => void;
  /** Read all shown pages again, from the first on; the rows stay until the new ones are there. */
  refresh: () => void;
}

const byId = (node: unknown) => (node as { id: string }).id;

/** `pick` finds the connection in the answer; `variables` without `after`. Both by value. */
export function usePages<Data, Variables extends AnyVariables, Node>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, "after">,
  pick: (data: Data) => Connection<Node> | null | undefined,
  keyOf: (node: Node) => string = byId,
): Pages<Node> {
  const client = useClient();
  const [pages, setPages] = useState<Page<Node>[]>([{ after: null }]);
  const [error, setError] = useState<CombinedError>();
  const key = JSON.stringify(variables);
  const picker = useRef(pick);
  picker.current = pick;
  const subscriptions = useRef<(() => void)[]>([]);

  const open = useCallback(
    (after: string | null, requestPolicy: RequestPolicy = "cache-and-network") => {
      const each = { ...JSON.parse(key), after } as Variables;
      const { unsubscribe } = client
        .query(document, each, { requestPolicy })
        .subscribe(({ data, error: problem, stale }) => {
          const connection = data ? picker.current(data) : undefined;
          if (problem || !stale) setError(problem);
          if (!connection) return;
          setPages((all) =>
            all.map((page) =>
              page.after === after ? { after, connection, fresh: page.fresh || !stale } : page,
            ),
          );
        });
      subscriptions.current.push(unsubscribe);
    },
    [client, document, key],
  );

  const close = useCallback(() => {
    for (const unsubscribe of subscriptions.current.splice(0)) unsubscribe();
  }, []);

  useEffect(() => {
    setPages([{ after: null }]);
    setError(undefined);
    open(null);
    return close;
  }, [open, close]);

  const last = pages[pages.length - 1];
  const end = last?.connection?.pageInfo;
  const loadMore = useCallback(() => {
    const after = end?.hasNextPage ? end.endCursor : null;
    if (!after) return;
    setPages((all) => (all.some((page) => page.after === after) ? all : [...all, { after }]));
    open(after);
  }, [end, open]);
  const shown = pages.length;
  const refresh = useCallback(async () => {
    const fresh: Page<Node>[] = [];
    let after: string | null | undefined = null;
    while (after !== undefined && fresh.length < shown) {
      const each = { ...JSON.parse(key), after } as Variables;
      const options = { requestPolicy: "network-only" } as const;
      const { data, error: problem } = await client.query(document, each, options).toPromise();
      const connection = data ? picker.current(data) : undefined;
      if (!connection) return setError(problem);
      fresh.push({ after, connection, fresh: true });
      after = connection.pageInfo.hasNextPage ? connection.pageInfo.endCursor : undefined;
    }
    close();
    setError(undefined);
    setPages(fresh);
    for (const page of fresh) open(page.after, "cache-first");
  }, [client, document, key, shown, close, open]);

  useEffect(() => {
    window.addEventListener(RESYNC, refresh);
    return () => window.removeEventListener(RESYNC, refresh);
  }, [refresh]);

  const nodes = useMemo(() => {
    const seen = new Map<string, Node>();
    for (const node of pages.flatMap((page) => page.connection?.nodes ?? [])) {
      if (!seen.has(keyOf(node))) seen.set(keyOf(node), node);
    }
    return [...seen.values()];
  }, [pages, keyOf]);

  return {
    nodes,
    totalCount: pages[0]?.connection?.totalCount,
    feedCursor: pages[0]?.fresh ? pages[0].connection?.feedCursor : undefined,
    loading: !error && !last?.connection,
    error,
    hasMore: Boolean(end?.hasNextPage),
    loadMore,
    refresh,
  };
}
