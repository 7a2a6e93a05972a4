import { Button, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ErrorState } from "../../components/ErrorState";
import { LoadingList } from "../../components/LoadingList";
import type { Pages } from "../../graphql/usePages";

interface Props<Node> {
  pages: Pages<Node>;
  label: string;
  empty: string;
  keyOf: (node: Node) => string;
  /** Which rows are shown at all. */
  shows?: (node: Node) => boolean;
  children: (node: Node) => ReactNode;
}

/** A list in a card: a page at a time, by a button. */
export function MoreList<Node>({ pages, label, empty, keyOf, shows, children }: Props<Node>) {
  const { t } = useTranslation("team");
  const { loading, error, hasMore, loadMore, refresh } = pages;
  const nodes = shows ? pages.nodes.filter(shows) : pages.nodes;
  if (error && nodes.length === 0) return <ErrorState error={error} onRetry={refresh} />;
  if (loading && nodes.length === 0) return <LoadingList rows={3} height={44} />;
  return (
    <>
      {nodes.length === 0 && !hasMore && <Text c="dimmed">{empty}</Text>}
      <Stack component="ul" className="sea-list" gap="xs" aria-label={label}>
        {nodes.map((node) => (
          <li key={keyOf(node)}>{children(node)}</li>
        ))}
      </Stack>
      {hasMore && (
        <Button
          variant="subtle"
          size="compact-md"
          loading={loading}
          onClick={loadMore}
          style={{ alignSelf: "flex-start" }}
        >
          {t("more")}
        </Button>
      )}
    </>
  );
}
