// Alerts as they come: one subscription for the whole app, resumed after a lost connection.
import { notifications } from "@mantine/notifications";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useQuery } from "urql";
import { graphql } from "../gql";
import type { LiveAlertsSubscription } from "../gql/graphql";
import { useWhenBack } from "../graphql/connection";
import { RESYNC } from "../graphql/live";
import { useStart } from "../graphql/useStart";
import { useMe } from "./me";

// Other arguments than those of `Me`: a count does not render the whole app again.
const Unread = graphql(`
  query UnreadAlerts {
    viewer { id alerts(first: 1, unreadOnly: true) { unread feedCursor } }
  }
`);

const Live = graphql(`
  subscription LiveAlerts($after: Cursor) {
    releaseAlerts(after: $after) {
      cursor kind at read releaseAt reason message
      customer { id name }
    }
  }
`);

const FEW = 3;
const MANY = "many-alerts";

export type LiveAlert = LiveAlertsSubscription["releaseAlerts"];

interface AlertsValue {
  unread: number;
  /** What came since the sign-in, the newest first. */
  arrived: LiveAlert[];
  /** All were read: count the unread ones again. */
  markRead: () => void;
}

const AlertsContext = createContext<AlertsValue>({
  unread: 0,
  arrived: [],
  markRead: () => undefined,
});

export const useAlerts = () => useContext(AlertsContext);

export function AlertsProvider({ children }: { children: ReactNode }) {
  const { viewer } = useMe();
  const [{ data }, again] = useQuery({ query: Unread, pause: true });
  const recount = useCallback(() => again({ requestPolicy: "network-only" }), [again]);
  const { unread, feedCursor } = (data?.viewer ?? viewer).alerts;
  const [arrived, setArrived] = useArrivals(feedCursor, recount);
  const markRead = useCallback(() => {
    setArrived((all) => all.map((alert) => ({ ...alert, read: true })));
    recount();
  }, [setArrived, recount]);
  useWhenBack(recount);
  useEffect(() => {
    window.addEventListener(RESYNC, recount);
    return () => window.removeEventListener(RESYNC, recount);
  }, [recount]);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Seapool` : "Seapool";
  }, [unread]);
  return (
    <AlertsContext.Provider value={{ unread, arrived, markRead }}>
      {children}
    </AlertsContext.Provider>
  );
}

let announced: number[] = [];

/** A few alerts each have a notification; many at once share one. What oneself did needs none. */
function announce(alert: LiveAlert, t: (key: string, values: { count: number }) => string): void {
  if (alert.reason === "GIVEN_BACK") return;
  const now = Date.now();
  announced = [...announced.filter((at) => now - at < 10_000), now];
  const { cursor, customer, message } = alert;
  if (announced.length <= FEW) {
    notifications.show({ id: cursor, color: "deepSea", title: customer.name, message });
  } else {
    notifications.hide(MANY);
    const words = t("manyAlerts", { count: announced.length - FEW });
    notifications.show({ id: MANY, color: "deepSea", message: words });
  }
}

/** `feedCursor` is older than every list: what it does not show yet arrives. */
function useArrivals(feedCursor: string, recount: () => void) {
  const client = useClient();
  const { t } = useTranslation("shell");
  const [arrived, setArrived] = useState<LiveAlert[]>([]);
  const after = useStart(feedCursor);
  useEffect(() => {
    if (after === undefined) return;
    const seen = new Set<string>();
    const { unsubscribe } = client.subscription(Live, { after }).subscribe(({ data }) => {
      const alert = data?.releaseAlerts;
      if (!alert || seen.has(alert.cursor)) return;
      seen.add(alert.cursor);
      setArrived((all) => [alert, ...all]);
      announce(alert, t);
      recount();
    });
    return unsubscribe;
  }, [client, after, recount, t]);
  return [arrived, setArrived] as const;
}
