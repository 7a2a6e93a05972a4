import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Pages } from "../graphql/usePages";
import { ErrorState } from "./ErrorState";
import { LoadingList } from "./LoadingList";
import { MoreButton } from "./MoreButton";

interface Props<Node> {
  pages: Pages<Node>;
  label: string;
  empty: ReactNode;
  keyOf: (node: Node) => string;
  className?: string;
  /** Which rows are shown at all; without it, all. */
  shows?: (node: Node) => boolean;
  children: (node: Node) => ReactNode;
}

/** A list in a card: a page at a time, by a button. */
export function MoreList<Node>({ pages, label, empty, keyOf, children, ...rest }: Props<Node>) {
  const { className, shows = () => true } = rest;
  const { loading, error, hasMore, loadMore, refresh } = pages;
  const nodes = pages.nodes.filter(shows);
  if (error && nodes.length === 0) return <ErrorState error={error} onRetry={refresh} />;
  if (loading && nodes.length === 0) return <LoadingList rows={3} height={44} />;
  if (nodes.length === 0 && !hasMore) return <Text c="dimmed">{empty}</Text>;
  return (
    <>
      <Stack
        component="ul"
        className={`sea-list ${className ?? ""}`}
        gap={className ? 0 : "xs"}
        aria-label={label}
      >
        {nodes.map((node) => (
          <li key={keyOf(node)}>{children(node)}</li>
        ))}
      </Stack>
      {error && <ErrorState small error={error} onRetry={refresh} />}
      {hasMore && !error && <MoreButton loading={loading} onMore={loadMore} />}
    </>
  );
}
