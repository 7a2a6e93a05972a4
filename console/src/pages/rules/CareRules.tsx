import { useTranslation } from "react-i18next";
import { NumberLine, SpanLine } from "./lines";
import { Masked } from "./Masked";
import { Reminders } from "./Reminders";
import { Section } from "./Section";

export function CareRules() {
  const { t } = useTranslation("rules");
  return (
    <>
      <Section title={t("section.care")}>
        <Reminders />
        <SpanLine name="escalateBefore" start={{ count: 3, unit: "day" }} />
        <SpanLine name="grace" start={{ count: 3, unit: "day" }} />
        <SpanLine name="extensionLimit" start={{ count: 7, unit: "day" }} />
        <NumberLine name="lockLimit" />
      </Section>
      <Section title={t("section.masked")}>
        <Masked />
      </Section>
    </>
  );
}
