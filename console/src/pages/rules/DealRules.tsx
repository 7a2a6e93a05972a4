import { useTranslation } from "react-i18next";
import { ChoiceLine, SpanLine } from "./lines";
import { Section } from "./Section";

export function DealRules() {
  const { t } = useTranslation("rules");
  return (
    <Section title={t("section.deal")}>
      <ChoiceLine name="dealApproval" />
      <ChoiceLine name="dealExempts" />
      <SpanLine name="wonFor" start={{ count: 365, unit: "day" }} />
    </Section>
  );
}
