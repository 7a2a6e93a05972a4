import { useTranslation } from "react-i18next";
import { ChoiceLine, SpanLine } from "./lines";
import { ReleaseTo } from "./ReleaseTo";
import { Section } from "./Section";

export function ReleaseRules({ poolId }: { poolId: string }) {
  const { t } = useTranslation("rules");
  return (
    <Section title={t("section.release")} more={t("section.releaseMore")}>
      <SpanLine name="firstFollowUpWithin" start={{ count: 3, unit: "day" }} />
      <SpanLine name="followUpWithin" start={{ count: 7, unit: "day" }} />
      <SpanLine name="dealWithin" start={{ count: 30, unit: "day" }} />
      <SpanLine name="maxHold" start={{ count: 90, unit: "day" }} />
      <ChoiceLine name="workingDays" />
      <ChoiceLine name="absenceStopsClock" />
      <ReleaseTo poolId={poolId} />
    </Section>
  );
}
