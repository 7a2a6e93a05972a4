// Alerts as they come: one subscription for the whole app, resumed after a lost connection.
import { notifications } from "@mantine/notifications";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { useClient, useQuery } from "urql";
import { graphql } from "../gql";
import type { LiveAlertsSubscription } from "../gql/graphql";
import { useWhenBack } from "../graphql/connection";

const Unread = graphql(`
  query UnreadAlerts {
    viewer { id alerts(first: 1) { unread nodes { cursor } } }
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
  const [{ data }, again] = useQuery({ query: Unread, requestPolicy: "network-only" });
  const recount = useCallback(() => again({ requestPolicy: "network-only" }), [again]);
  const alerts = data?.viewer.alerts;
  const [arrived, setArrived] = useArrivals(alerts && (alerts.nodes[0]?.cursor ?? null), recount);
  const markRead = useCallback(() => {
    setArrived((all) => all.map((alert) => ({ ...alert, read: true })));
    recount();
  }, [setArrived, recount]);
  useWhenBack(recount);
  const unread = alerts?.unread ?? 0;
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

/** `newest`: the cursor of the newest alert at sign-in; null where there was none yet. */
function useArrivals(newest: string | null | undefined, recount: () => void) {
  const client = useClient();
  const { t } = useTranslation("shell");
  const [arrived, setArrived] = useState<LiveAlert[]>([]);
  const start = useRef<string | null>(undefined);
  if (start.current === undefined) start.current = newest;
  const known = newest !== undefined;
  useEffect(() => {
    if (!known) return;
    const seen = new Set<string>();
    const { unsubscribe } = client
      .subscription(Live, { after: start.current })
      .subscribe(({ data }) => {
        const alert = data?.releaseAlerts;
        if (!alert || seen.has(alert.cursor)) return;
        seen.add(alert.cursor);
        setArrived((all) => [alert, ...all]);
        announce(alert, t);
        recount();
      });
    return unsubscribe;
  }, [client, known, recount, t]);
  return [arrived, setArrived] as const;
}
