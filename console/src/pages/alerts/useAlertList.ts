// The viewer's alerts: pages by cursor, and on top what came while the page is open.
import { useMemo } from "react";
import { useAlerts } from "../../app/alerts";
import { graphql } from "../../gql";
import type { AlertRowFragment } from "../../gql/graphql";
import { useWhenBack } from "../../graphql/connection";
import { type Pages, usePages } from "../../graphql/usePages";

export const AlertRowFields = graphql(`
  fragment AlertRow on Alert {
    cursor
    kind
    read
    releaseAt
    reason
    message
    at
    customer { id name }
  }
`);

const AlertList = graphql(`
  query AlertList($after: Cursor) {
    viewer {
      id
      alerts(first: 40, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { ...AlertRow }
      }
    }
  }
`);

export const cursorOf = (alert: AlertRowFragment) => alert.cursor;

export function useAlertList(): Pages<AlertRowFragment> {
  const pages = usePages(AlertList, {}, (data) => data.viewer.alerts, cursorOf);
  const { arrived } = useAlerts();
  useWhenBack(pages.refresh);
  return useMemo(() => {
    const listed = new Set(pages.nodes.map(cursorOf));
    const fresh = pages.loading ? [] : arrived.filter(({ cursor }) => !listed.has(cursor));
    return { ...pages, nodes: [...fresh, ...pages.nodes] };
  }, [pages, arrived]);
}
