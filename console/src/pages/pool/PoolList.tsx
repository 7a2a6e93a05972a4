import { Button, Group, Text } from "@mantine/core";
import { type MouseEvent, useCallback, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../components/EmptyState";
import { VirtualList } from "../../components/VirtualList";
import type { PoolRowFragment } from "../../gql/graphql";
import { useServerMinute } from "../../graphql/clock";
import type { Seat } from "./claimState";
import { PoolFilters } from "./PoolFilters";
import { PoolRow } from "./PoolRow";
import { SelectionBar } from "./SelectionBar";
import { standingOf } from "./standing";
import { useClaims } from "./useClaims";
import { useFilters } from "./useFilters";
import { useLevels } from "./useLevels";
import { usePoolList } from "./usePoolList";
import { MOST_AT_ONCE, useSelection } from "./useSelection";

const idOf = (customer: PoolRowFragment) => customer.id;

export function PoolList({ poolId, seat }: { poolId: string; seat: Seat | undefined }) {
  const { t } = useTranslation("pool");
  const [filters, setFilters] = useFilters();
  const list = usePoolList(poolId, filters);
  const levels = useLevels(poolId, list.nodes, filters.level);
  const { claim, claimAll, claiming, busy, refusals } = useClaims(list.leave);
  const here = useMemo(() => new Set(list.nodes.map(idOf)), [list.nodes]);
  const { selected, toggle, choose } = useSelection(useCallback((id) => here.has(id), [here]));
  const chosen = useMemo(() => new Set(selected), [selected]);
  // A cool-down ends while the list is open: look again each minute.
  const now = useServerMinute();
  const standing = (row: PoolRowFragment) => standingOf(row, refusals.get(row.id), seat, now);
  const room = Math.min(
    MOST_AT_ONCE,
    seat?.available ?? MOST_AT_ONCE,
    seat?.claimsLeft ?? MOST_AT_ONCE,
  );
  const free = list.nodes.filter((row) => standing(row).kind === "free").slice(0, room);
  const narrowed = filters.search !== null || filters.level !== null;

  const latest = useRef(claim);
  latest.current = claim;
  const claimOne = useCallback(
    async (event: MouseEvent<HTMLButtonElement>, row: PoolRowFragment) => {
      const next = event.currentTarget.closest("li")?.nextElementSibling;
      if (await latest.current(row)) next?.querySelector<HTMLElement>("button, a")?.focus();
    },
    [],
  );
  async function claimSelected() {
    if (await claimAll(selected)) choose([]);
  }

  return (
    <>
      <PoolFilters filters={filters} levels={levels} onChange={setFilters} />
      <Group justify="space-between" mb="xs" mih={30}>
        <Text size="sm" c="dimmed" className="sea-number" role="status">
          {list.totalCount !== undefined && t("count", { count: list.totalCount })}
        </Text>
        {free.length > 1 && (
          <Button variant="subtle" size="compact-sm" onClick={() => choose(free.map(idOf))}>
            {t("selectFree", { count: free.length })}
          </Button>
        )}
      </Group>
      <VirtualList
        pages={list}
        keyOf={idOf}
        label={t("title")}
        estimate={98}
        empty={
          <EmptyState title={t(narrowed ? "nothingFound" : "empty")}>
            {t(narrowed ? "nothingFoundMore" : "emptyMore")}
          </EmptyState>
        }
      >
        {(row) => (
          <PoolRow
            customer={row}
            refused={refusals.get(row.id)}
            seat={seat}
            now={now}
            justOpened={list.opened.has(row.id)}
            selected={chosen.has(row.id)}
            canSelect={selected.length < MOST_AT_ONCE}
            claiming={claiming === row.id}
            disabled={busy || (claiming !== undefined && claiming !== row.id)}
            onSelect={toggle}
            onClaim={claimOne}
          />
        )}
      </VirtualList>
      <SelectionBar
        count={selected.length}
        busy={busy}
        onClaim={claimSelected}
        onClear={() => choose([])}
      />
    </>
  );
}
