import { Center, Loader, Text } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Pages } from "../graphql/usePages";
import { ErrorState } from "./ErrorState";
import { LoadingList } from "./LoadingList";

interface Props<Node> {
  pages: Pages<Node>;
  keyOf: (node: Node) => string;
  children: (node: Node, index: number) => ReactNode;
  /** Shown where there is nothing. */
  empty: ReactNode;
  label: string;
  estimate?: number;
  gap?: number;
}

/** Rows of any height in the page's own scroll; the next page loads before the end is reached. */
export function VirtualList<Node>({ pages, empty, ...list }: Props<Node>) {
  const { nodes, loading, error, refresh } = pages;
  if (nodes.length > 0) return <Rows pages={pages} {...list} />;
  if (error) return <ErrorState error={error} onRetry={refresh} />;
  return loading ? <LoadingList height={list.estimate ?? 72} /> : empty;
}

function Rows<Node>(props: Omit<Props<Node>, "empty">) {
  const { pages, keyOf, children, label, estimate = 72, gap = 8 } = props;
  const { nodes, hasMore, loading, loadMore } = pages;
  const list = useRef<HTMLUListElement>(null);
  const virtual = useWindowVirtualizer({
    count: nodes.length,
    estimateSize: () => estimate,
    overscan: 8,
    gap,
    scrollMargin: list.current?.offsetTop ?? 0,
    getItemKey: (index) => {
      const node = nodes[index];
      return node === undefined ? index : keyOf(node);
    },
  });
  const items = virtual.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loading && last >= nodes.length - 12) loadMore();
  }, [hasMore, loading, last, nodes.length, loadMore]);
  return (
    <>
      <ul
        ref={list}
        className="sea-list"
        aria-label={label}
        style={{ position: "relative", height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const node = nodes[item.index];
          if (node === undefined) return null;
          const top = item.start - virtual.options.scrollMargin;
          return (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              aria-setsize={pages.totalCount ?? -1}
              aria-posinset={item.index + 1}
              style={{
                position: "absolute",
                top: 0,
                left: 0,
                right: 0,
                transform: `translateY(${top}px)`,
              }}
            >
              {children(node, item.index)}
            </li>
          );
        })}
      </ul>
      <End pages={pages} />
    </>
  );
}

function End<Node>({ pages }: { pages: Pages<Node> }) {
  const { t } = useTranslation("common");
  const { error, loading, hasMore, refresh, nodes } = pages;
  return (
    <Center py="md" mih={56}>
      {error && <ErrorState small error={error} onRetry={refresh} />}
      {!error && loading && <Loader size="sm" aria-label={t("loading")} />}
      {!error && !loading && !hasMore && nodes.length > 20 && (
        <Text size="sm" c="dimmed">
          {t("allShown")}
        </Text>
      )}
    </Center>
  );
}
