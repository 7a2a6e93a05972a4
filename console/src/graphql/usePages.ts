// Endless scroll by cursor: each page stays live in the cache; a row is shown once.
import type { CombinedError } from "@urql/core";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type AnyVariables, type TypedDocumentNode, useClient } from "urql";

export interface Connection<Node> {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  totalCount?: number;
}

interface Page<Node> {
  after: string | null;
  connection?: Connection<Node>;
}

export interface Pages<Node> {
  nodes: Node[];
  totalCount: number | undefined;
  loading: boolean;
  error: CombinedError | undefined;
  hasMore: boolean;
  loadMore: () => void;
  refresh: () => void;
}

/** `pick` finds the connection in the answer; `variables` without `after`. Both by value. */
export function usePages<Data, Variables extends AnyVariables, Node>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, "after">,
  pick: (data: Data) => Connection<Node> | null | undefined,
  keyOf: (node: Node) => string = (node) => (node as { id: string }).id,
): Pages<Node> {
  const client = useClient();
  const [pages, setPages] = useState<Page<Node>[]>([{ after: null }]);
  const [error, setError] = useState<CombinedError>();
  const [round, setRound] = useState(0);
  const key = JSON.stringify(variables);
  const picker = useRef(pick);
  picker.current = pick;
  const subscriptions = useRef<(() => void)[]>([]);

  const open = useCallback(
    (after: string | null, fresh: boolean) => {
      const each = { ...JSON.parse(key), after } as Variables;
      const policy = fresh ? "network-only" : "cache-and-network";
      const { unsubscribe } = client
        .query(document, each, { requestPolicy: policy })
        .subscribe(({ data, error: problem, stale }) => {
          const connection = data ? picker.current(data) : undefined;
          if (problem || !stale) setError(problem);
          if (!connection) return;
          setPages((all) =>
            all.map((page) => (page.after === after ? { ...page, connection } : page)),
          );
        });
      subscriptions.current.push(unsubscribe);
    },
    [client, document, key],
  );

  useEffect(() => {
    setPages([{ after: null }]);
    setError(undefined);
    open(null, round > 0);
    const opened = subscriptions.current;
    return () => {
      for (const unsubscribe of opened.splice(0)) unsubscribe();
    };
  }, [open, round]);

  const last = pages[pages.length - 1];
  const end = last?.connection?.pageInfo;
  const loadMore = useCallback(() => {
    const after = end?.hasNextPage ? end.endCursor : null;
    if (!after) return;
    setPages((all) => (all.some((page) => page.after === after) ? all : [...all, { after }]));
    open(after, false);
  }, [end, open]);
  const refresh = useCallback(() => setRound((value) => value + 1), []);

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
    loading: !error && !last?.connection,
    error,
    hasMore: Boolean(end?.hasNextPage),
    loadMore,
    refresh,
  };
}
