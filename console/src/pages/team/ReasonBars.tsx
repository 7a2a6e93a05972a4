import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Bars } from "../../components/Bars";
import type { ReportValue } from "./Report";

/** Releases by reason, the most frequent first. */
export function ReasonBars({ releases }: { releases: ReportValue["releases"] }) {
  const { t } = useTranslation(["team", "common"]);
  const rows = releases
    .toSorted((one, other) => other.count - one.count)
    .map(({ reason, count }) => ({ name: t(`common:reason.${reason}`), count }));
  return (
    <div>
      <Text fw={600} mb="xs">
        {t("report.reasons")}
      </Text>
      {rows.length === 0 && <Text c="dimmed">{t("report.noReleases")}</Text>}
      {rows.length > 0 && (
        <Bars
          lying
          label={t("report.reasons")}
          rows={rows}
          height={40 + rows.length * 40}
          series={[{ name: "count", label: t("report.releases"), color: "deepSea.6" }]}
        />
      )}
    </div>
  );
}
