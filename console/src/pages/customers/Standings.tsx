import { Progress, Skeleton, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { ErrorState } from "../../components/ErrorState";
import { graphql } from "../../gql";
import { type MyPool, useMyPools } from "./poolRules";

const Standing = graphql(`
  query Standing($poolId: ID!) {
    viewer {
      id
      privatePool(poolId: $poolId) { held capacity available claimedToday }
    }
  }
`);

/** For each pool: held of capacity, and the claims that are left today. */
export function Standings() {
  const { pools, error, again } = useMyPools();
  return (
    <div className="standings">
      {pools?.map((pool) => (
        <PoolStanding key={pool.id} pool={pool} />
      ))}
      {!pools && error && <ErrorState small error={error} onRetry={() => again()} />}
      {!pools && !error && <Skeleton height={84} radius="md" />}
    </div>
  );
}

function PoolStanding({ pool }: { pool: MyPool }) {
  const { t } = useTranslation("customers");
  const [{ data, error }, again] = useQuery({ query: Standing, variables: { poolId: pool.id } });
  const standing = data?.viewer.privatePool;
  if (error && !standing) return <ErrorState small error={error} onRetry={() => again()} />;
  if (!standing) return <Skeleton height={84} radius="md" />;
  const { held, capacity, available, claimedToday } = standing;
  const limit = pool.rules.dailyClaimLimit;
  const left = limit == null ? null : Math.max(0, limit - claimedToday);
  const full = available === 0;
  return (
    <section className="sea-card standing" aria-label={pool.name}>
      <div className="standing-line">
        <Text size="sm" c="dimmed" truncate title={pool.name}>
          {pool.name}
        </Text>
        <Text fw={650} className="sea-number" c={full ? "var(--sea-soon)" : undefined}>
          {capacity == null ? t("heldUnlimited", { held }) : t("heldOf", { held, capacity })}
        </Text>
      </div>
      <Progress
        value={capacity ? Math.min(100, (held / capacity) * 100) : 0}
        size="sm"
        my={6}
        color={full ? "red" : "deepSea"}
        aria-label={t("heldLabel")}
      />
      <Text size="sm" className="sea-number">
        {available == null ? t("roomUnlimited") : t("room", { count: available })}
        {" · "}
        {left == null ? t("claimsUnlimited") : t("claimsLeft", { count: left })}
      </Text>
    </section>
  );
}
