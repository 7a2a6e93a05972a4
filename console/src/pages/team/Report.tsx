import { Group, SimpleGrid, Skeleton, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useMe } from "../../app/me";
import { Card } from "../../components/Card";
import { ErrorState } from "../../components/ErrorState";
import { Export } from "../../components/exports/Export";
import { graphql } from "../../gql";
import type { TeamReportQuery } from "../../gql/graphql";
import { inDays } from "../../i18n/duration";
import { useFormat } from "../../i18n/format";
import { MemberBars } from "./MemberBars";
import { PeriodChoice } from "./PeriodChoice";
import { instants, isValid, lastDays } from "./period";
import { ReasonBars } from "./ReasonBars";

const TeamReport = graphql(`
  query TeamReport($poolId: ID!, $from: DateTime!, $to: DateTime!, $departmentId: ID) {
    poolReport(poolId: $poolId, from: $from, to: $to, departmentId: $departmentId) {
      claims deals conversion medianHold
      releases { reason count }
      members { claims releases deals held member { id name } }
    }
  }
`);

export type ReportValue = TeamReportQuery["poolReport"];

const DAY = 86_400_000;

interface Props {
  poolId: string;
  /** Only its people and those below it. */
  department?: { id: string; name: string };
}

/** Claims, deals, releases and conversion over a period. */
export function Report({ poolId, department }: Props) {
  const { t } = useTranslation("team");
  const zone = useMe().organization.timeZone;
  const [period, setPeriod] = useState(() => lastDays(30, zone));
  const valid = isValid(period);
  const variables = useMemo(
    () => ({
      poolId,
      departmentId: department?.id ?? null,
      ...(valid ? instants(period, zone) : { from: "", to: "" }),
    }),
    [poolId, department?.id, period, zone, valid],
  );
  const [{ data, error }, again] = useQuery({ query: TeamReport, variables, pause: !valid });
  const title = [t("report.title"), department?.name].filter(Boolean).join(" · ");
  return (
    <Card
      title={title}
      aside={
        <Group gap="sm">
          <PeriodChoice period={period} onChange={setPeriod} />
          {valid && <Export sheet={{ of: "report", ...variables }} />}
        </Group>
      }
    >
      {!valid && <Text c="var(--sea-soon)">{t("period.wrong")}</Text>}
      {valid && error && <ErrorState error={error} onRetry={() => again()} />}
      {valid && !error && !data && <Skeleton height={320} radius="md" />}
      {valid && !error && data && <Figures report={data.poolReport} />}
    </Card>
  );
}

function Figures({ report }: { report: ReportValue }) {
  const { t } = useTranslation("team");
  const { number, span } = useFormat();
  const released = report.releases.reduce((sum, { count }) => sum + count, 0);
  const { conversion, medianHold } = report;
  const tiles = {
    claims: number(report.claims),
    conversion:
      typeof conversion === "number"
        ? number(conversion, { style: "percent", maximumFractionDigits: 1 })
        : "–",
    deals: number(report.deals),
    releases: number(released),
    medianHold: medianHold ? span(inDays(medianHold) * DAY) : "–",
  };
  return (
    <>
      <SimpleGrid cols={{ base: 2, sm: 5 }} spacing="sm" component="dl" m={0}>
        {Object.entries(tiles).map(([name, value]) => (
          <div key={name} className="sea-tile">
            <dt>{t(`report.${name}`)}</dt>
            <dd className="sea-number">{value}</dd>
          </div>
        ))}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <ReasonBars releases={report.releases} />
        <MemberBars members={report.members} />
      </SimpleGrid>
    </>
  );
}
