import { Loader, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconHourglass, IconSearch } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { DuplicateList } from "./DuplicateList";
import type { LookUp } from "./useDuplicates";

/** Is this customer known already? Beside the form, while somebody types. */
export function DuplicatePanel({ lookUp }: { lookUp: LookUp }) {
  const { t } = useTranslation("register");
  return (
    <section className="sea-card register-panel" aria-labelledby="register-known">
      <Title order={2} size="h4" id="register-known">
        {t("known")}
      </Title>
      <div aria-live="polite">
        <Words lookUp={lookUp} />
      </div>
    </section>
  );
}

function Words({ lookUp }: { lookUp: LookUp }) {
  const { t } = useTranslation("register");
  switch (lookUp.kind) {
    case "waiting":
      return <Line icon={<IconSearch {...LOOK} />}>{t("waiting")}</Line>;
    case "looking":
      return <Line icon={<Loader size={16} aria-hidden />}>{t("looking")}</Line>;
    case "limited":
      return (
        <Line icon={<IconHourglass {...LOOK} color="var(--sea-near)" />}>{lookUp.message}</Line>
      );
    case "wrong":
      return <Line icon={<IconAlertTriangle {...LOOK} />}>{t("wrong")}</Line>;
    case "failed":
      return <Line icon={<IconAlertTriangle {...LOOK} />}>{t("lookUpFailed")}</Line>;
    case "found":
      return <Found lookUp={lookUp} />;
  }
}

function Found({ lookUp: { duplicates } }: { lookUp: LookUp & { kind: "found" } }) {
  const { t } = useTranslation("register");
  if (duplicates.length === 0) {
    return (
      <Line icon={<IconCircleCheck {...LOOK} color="var(--mantine-color-teal-6)" />}>
        {t("none")}
      </Line>
    );
  }
  const refused = duplicates.some((each) => each.refuses);
  const color = refused ? "var(--sea-soon)" : "var(--sea-near)";
  return (
    <>
      <Line icon={<IconAlertTriangle {...LOOK} color={color} />}>
        {t(refused ? "willBeRefused" : "onlyAlike")}
      </Line>
      <DuplicateList duplicates={duplicates} />
    </>
  );
}

const LOOK = { size: 18, stroke: 1.7, "aria-hidden": true } as const;

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className="register-line">
      {icon}
      <Text size="sm">{children}</Text>
    </div>
  );
}
