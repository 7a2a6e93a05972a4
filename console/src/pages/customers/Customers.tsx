import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAlerts } from "../../app/alerts";
import { EmptyState } from "../../components/EmptyState";
import { Export } from "../../components/exports/Export";
import { PageHeader } from "../../components/PageHeader";
import { VirtualList } from "../../components/VirtualList";
import { graphql } from "../../gql";
import type { HeldOrder, HeldRowFragment } from "../../gql/graphql";
import { usePages } from "../../graphql/usePages";
import type { Action } from "./actions";
import { CustomerCard } from "./CustomerCard";
import "./customers.css";
import { Standings } from "./Standings";

export const MyCustomers = graphql(`
  query MyCustomers($after: Cursor, $orderBy: HeldOrder!, $search: String) {
    viewer {
      id
      privatePool {
        customers(first: 30, after: $after, orderBy: $orderBy, search: $search) {
          totalCount
          pageInfo { hasNextPage endCursor }
          nodes { ...HeldRow }
        }
      }
    }
  }
`);

const ORDERS: HeldOrder[] = ["RELEASE_SOONEST", "CLAIMED_LATEST", "NAME"];
const MINE = { of: "privatePool" } as const;
const idOf = (customer: HeldRowFragment) => customer.id;

export default function Customers() {
  const { t } = useTranslation("customers");
  const [search, setSearch] = useState("");
  const [orderBy, setOrderBy] = useState<HeldOrder>("RELEASE_SOONEST");
  const [opened, setOpened] = useState<{ id: string; action: Action } | null>(null);
  const [settled] = useDebouncedValue(search.trim(), 300);
  const pages = usePages(
    MyCustomers,
    { orderBy, search: settled || null },
    (data) => data.viewer.privatePool.customers,
    idOf,
  );
  const held = useMemo(() => pages.nodes.filter(({ holding }) => holding), [pages.nodes]);
  useRefreshOnAlerts(pages.refresh);
  return (
    <>
      <PageHeader title={t("title")} subtitle={t("subtitle")}>
        <Export sheet={MINE} />
      </PageHeader>
      <Standings />
      <Group mb="md" gap="sm" wrap="nowrap">
        <TextInput
          flex={1}
          aria-label={t("search")}
          placeholder={t("search")}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <NativeSelect
          aria-label={t("order.label")}
          value={orderBy}
          onChange={(event) => setOrderBy(event.currentTarget.value as HeldOrder)}
          data={ORDERS.map((value) => ({ value, label: t(`order.${value}`) }))}
        />
      </Group>
      <VirtualList
        pages={{ ...pages, nodes: held }}
        keyOf={idOf}
        label={t("title")}
        estimate={132}
        empty={settled ? <NothingFound search={settled} /> : <NoCustomers />}
      >
        {(customer) => (
          <CustomerCard
            customer={customer}
            action={opened?.id === customer.id ? opened.action : null}
            onAction={(action) => setOpened(action && { id: customer.id, action })}
          />
        )}
      </VirtualList>
    </>
  );
}

/** A release by rule or an assignment changes the list behind the page's back. */
function useRefreshOnAlerts(refresh: () => void): void {
  const { arrived } = useAlerts();
  const newest = arrived.find(
    ({ kind, reason }) => kind !== "REMINDER" && reason !== "GIVEN_BACK",
  )?.cursor;
  const [seen, setSeen] = useState(newest);
  useEffect(() => {
    if (newest === seen) return;
    setSeen(newest);
    refresh();
  }, [newest, seen, refresh]);
}

function NoCustomers() {
  const { t } = useTranslation("customers");
  return (
    <EmptyState
      title={t("none")}
      action={
        <Button component={Link} to="/pool" mt="xs">
          {t("toPool")}
        </Button>
      }
    >
      {t("noneMore")}
    </EmptyState>
  );
}

function NothingFound({ search }: { search: string }) {
  const { t } = useTranslation("customers");
  return <EmptyState title={t("nothingFound", { search })}>{t("nothingFoundMore")}</EmptyState>;
}
