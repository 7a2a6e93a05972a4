import { useTranslation } from "react-i18next";
import { Advice } from "./Advice";
import { Capacities } from "./Capacities";
import { Distribution } from "./Distribution";
import { ChoiceLine, NumberLine, SpanLine } from "./lines";
import { Section } from "./Section";

export function ClaimRules({ poolId }: { poolId: string }) {
  const { t } = useTranslation("rules");
  return (
    <Section title={t("section.claim")}>
      <NumberLine name="capacity" start={30} />
      <div className="sea-under">
        <Advice poolId={poolId} />
        <Capacities />
      </div>
      <ChoiceLine name="wonCount" />
      <NumberLine name="dailyClaimLimit" start={10} />
      <SpanLine name="newCustomerLock" start={{ count: 1, unit: "day" }} />
      <SpanLine name="reclaimCooldown" start={{ count: 7, unit: "day" }} />
      <Distribution />
    </Section>
  );
}
