import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Bars } from "../../components/Bars";
import type { ReportValue } from "./Report";

const FEW = 8;
const MOST = 200;

/** Claims, deals and releases of each member, the busiest first. */
export function MemberBars({ members }: { members: ReportValue["members"] }) {
  const { t } = useTranslation("team");
  const [all, setAll] = useState(false);
  const busy = members
    .filter(({ claims, deals, releases }) => claims + deals + releases > 0)
    .toSorted((one, other) => other.claims - one.claims);
  const shown = busy.slice(0, all ? MOST : FEW);
  const rows = shown.map(({ member, claims, deals, releases }) => ({
    name: member.name,
    claims,
    deals,
    releases,
  }));
  return (
    <div>
      <Text fw={600} mb="xs">
        {t("report.members")}
      </Text>
      {rows.length === 0 && <Text c="dimmed">{t("report.nobody")}</Text>}
      {rows.length > 0 && (
        <Bars
          lying
          label={t("report.members")}
          rows={rows}
          height={70 + rows.length * 72}
          series={[
            { name: "claims", label: t("report.claims"), color: "deepSea.6" },
            { name: "deals", label: t("report.deals"), color: "orange.7" },
            { name: "releases", label: t("report.releases"), color: "gray.6" },
          ]}
        />
      )}
      {shown.length < busy.length && (
        <Button variant="subtle" size="compact-md" onClick={() => setAll(true)}>
          {t("report.all", { count: busy.length })}
        </Button>
      )}
    </div>
  );
}
