import { Alert, Progress, Text } from "@mantine/core";
import { useInterval } from "@mantine/hooks";
import { IconCheck, IconRefresh } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { graphql } from "../../gql";
import { useFormat } from "../../i18n/format";

const RulesProgress = graphql(`
  query RulesProgress($poolId: ID!) {
    pool(id: $poolId) { id rulesProgress { held waiting } }
  }
`);

const OFTEN = 1_000;

interface Props {
  poolId: string;
  version: number;
  /** True after a save on this page: the end is told, too. */
  saved: boolean;
}

/** How far the customers have come to the new rules; asked until all have. */
export function RulesProgressBar({ poolId, version, saved }: Props) {
  const { t } = useTranslation("rules");
  const { number } = useFormat();
  const [{ data }, again] = useQuery({
    query: RulesProgress,
    variables: { poolId },
    requestPolicy: "network-only",
  });
  const { held, waiting } = data?.pool?.rulesProgress ?? { held: 0, waiting: 0 };
  const { start, stop } = useInterval(() => again({ requestPolicy: "network-only" }), OFTEN);
  useEffect(() => {
    if (waiting === 0) return;
    start();
    return stop;
  }, [waiting, start, stop]);
  if (!data?.pool || (waiting === 0 && !saved)) return null;
  const done = held - waiting;
  const Icon = waiting > 0 ? IconRefresh : IconCheck;
  return (
    <Alert
      mb="md"
      role="status"
      icon={<Icon size={20} />}
      title={t(waiting > 0 ? "progress.going" : "progress.done", { version })}
    >
      <Text size="sm" mb={6}>
        {t("progress.sum", { count: held, done: number(done), held: number(held) })}
      </Text>
      <Progress
        value={held === 0 ? 100 : (100 * done) / held}
        aria-label={t("progress.going", { version })}
      />
    </Alert>
  );
}
