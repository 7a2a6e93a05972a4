import { Group, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../app/me";
import { EmptyState } from "../../../components/EmptyState";
import { PoolChoice } from "../../../components/PoolChoice";
import { VirtualList } from "../../../components/VirtualList";
import { graphql } from "../../../gql";
import type { BulkRowFragment } from "../../../gql/graphql";
import { usePages } from "../../../graphql/usePages";
import { BulkBar } from "./BulkBar";
import { BulkRow } from "./BulkRow";
import { useBulk } from "./useBulk";

const BulkCustomers = graphql(`
  query BulkCustomers($poolId: ID!, $after: Cursor, $search: String) {
    pool(id: $poolId) {
      id
      customers(first: 50, after: $after, orderBy: NAME, search: $search) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { ...BulkRow }
      }
    }
  }
`);

const idOf = (customer: BulkRowFragment) => customer.id;

/** Several customers of a pool, moved or assigned together; a refusal stands on its row. */
export default function Bulk() {
  const { t } = useTranslation("admin");
  const { administered } = useMe();
  const [chosen, setChosen] = useState(administered[0]?.id ?? "");
  const [search, setSearch] = useState("");
  const [settled] = useDebouncedValue(search.trim(), 300);
  const pages = usePages(
    BulkCustomers,
    { poolId: chosen, search: settled || null },
    (data) => data.pool?.customers,
    idOf,
  );
  const bulk = useBulk(pages.refresh);
  const show = (poolId: string) => {
    setChosen(poolId);
    bulk.clear();
  };
  return (
    <>
      <Group mb="md" gap="sm">
        <PoolChoice pools={administered} value={chosen} onChange={show} />
        <TextInput
          flex="1 1 200px"
          aria-label={t("bulk.search")}
          placeholder={t("bulk.search")}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </Group>
      <BulkBar poolId={chosen} bulk={bulk} shown={pages.nodes.map(idOf)} />
      <VirtualList
        pages={pages}
        keyOf={idOf}
        label={t("part.customers")}
        estimate={58}
        empty={<EmptyState title={settled ? t("bulk.nothingFound") : t("bulk.none")} />}
      >
        {(customer) => (
          <BulkRow
            customer={customer}
            selected={bulk.selected.includes(customer.id)}
            refusal={bulk.refusals[customer.id]}
            onToggle={() => bulk.toggle(customer.id)}
          />
        )}
      </VirtualList>
    </>
  );
}
