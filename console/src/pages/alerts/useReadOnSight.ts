// Alerts are read once they were seen: the page is in sight for a moment with the newest on it.
import { useDocumentVisibility } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import { useAlerts } from "../../app/alerts";
import { graphql } from "../../gql";
import type { AlertRowFragment } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";

const ReadAlerts = graphql(`
  mutation ReadAlerts($upTo: Cursor!) {
    readAlerts(upTo: $upTo) { id }
  }
`);

const SEEN_AFTER_MS = 1_200;

/** Returns the cursors that were unread when this visit began or came during it. */
export function useReadOnSight(alerts: AlertRowFragment[]): ReadonlySet<string> {
  const { markRead, unread } = useAlerts();
  const { run } = useCommand(ReadAlerts);
  const visible = useDocumentVisibility() === "visible";
  const asNew = useRef(new Set<string>());
  for (const { cursor, read } of alerts) if (!read) asNew.current.add(cursor);
  const newest = alerts[0]?.cursor;
  const done = useRef<string>(undefined);
  const hasUnread = unread > 0;

  useEffect(() => {
    if (!visible || !newest || !hasUnread || done.current === newest) return;
    const timer = setTimeout(async () => {
      const { kind } = await run({ upTo: newest });
      if (kind !== "done") return;
      done.current = newest;
      markRead();
    }, SEEN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [visible, newest, hasUnread, run, markRead]);
  return asNew.current;
}
