import { Group, NativeSelect } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useParams } from "react-router";
import { useMe } from "../../app/me";
import { EmptyState } from "../../components/EmptyState";
import { Export } from "../../components/exports/Export";
import { PageHeader } from "../../components/PageHeader";
import { PoolList } from "./PoolList";
import "./pool.css";
import { SeatLine } from "./SeatLine";
import { useSeat } from "./useSeat";

const LAST = "seapool.pool";

/** The pool of the address, else the one that was looked at last, else the first. */
function useChosenPool() {
  const { id } = useParams();
  const { pools } = useMe();
  const wanted = id ?? localStorage.getItem(LAST);
  const chosen = pools.find((pool) => pool.id === wanted) ?? (id ? undefined : pools[0]);
  useEffect(() => {
    if (chosen) localStorage.setItem(LAST, chosen.id);
  }, [chosen]);
  return chosen;
}

export default function Pool() {
  const { t } = useTranslation("pool");
  const { pools } = useMe();
  const pool = useChosenPool();
  const navigate = useNavigate();
  const { search } = useLocation();
  if (!pool) {
    return (
      <>
        <PageHeader title={t("title")} />
        <EmptyState title={t("noPool")}>{t("noPoolMore")}</EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHeader title={t("title")} subtitle={t("subtitle", { pool: pool.name })}>
        <Group className="pool-head" gap="sm" wrap="nowrap">
          {pools.length > 1 && (
            <NativeSelect
              className="pool-choice"
              aria-label={t("choose")}
              value={pool.id}
              onChange={(event) => navigate(`/pool/${event.currentTarget.value}${search}`)}
              data={pools.map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
          <Export key={pool.id} sheet={{ of: "pool", poolId: pool.id }} />
        </Group>
      </PageHeader>
      <OnePool key={pool.id} poolId={pool.id} />
    </>
  );
}

function OnePool({ poolId }: { poolId: string }) {
  const found = useSeat(poolId);
  return (
    <>
      <SeatLine {...found} />
      <PoolList key={poolId} poolId={poolId} seat={found.seat} />
    </>
  );
}
