import { Grid, Stack } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useMe } from "../../app/me";
import { EmptyState } from "../../components/EmptyState";
import { PageHeader } from "../../components/PageHeader";
import { PoolChoice } from "../../components/PoolChoice";
import { AtRisk } from "./AtRisk";
import { Deals } from "./Deals";
import { Extensions } from "./Extensions";
import { Loads } from "./Loads";
import { Report } from "./Report";
import "./team.css";

export default function Team() {
  const { t } = useTranslation("team");
  const { administered, pools, led } = useMe();
  const [search, setSearch] = useSearchParams();
  const choices = led.length ? pools : administered;
  const pool = choices.find(({ id }) => id === search.get("pool")) ?? choices[0];
  if (!pool) {
    return (
      <>
        <PageHeader title={t("title")} />
        <EmptyState title={t("empty")} icon={IconUsers}>
          {t("emptyMore")}
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHeader title={t("title")} subtitle={pool.name}>
        <PoolChoice
          pools={choices}
          value={pool.id}
          onChange={(id) => setSearch({ pool: id }, { replace: true })}
        />
      </PageHeader>
      <Grid gap="md" key={pool.id}>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Stack>
            <Extensions poolId={pool.id} />
            <Deals poolId={pool.id} />
            <Loads poolId={pool.id} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <AtRisk poolId={pool.id} />
        </Grid.Col>
        <Grid.Col span={12}>
          {administered.some(({ id }) => id === pool.id) ? (
            <Report poolId={pool.id} />
          ) : (
            led.map((each) => <Report key={each.id} poolId={pool.id} department={each} />)
          )}
        </Grid.Col>
      </Grid>
    </>
  );
}
