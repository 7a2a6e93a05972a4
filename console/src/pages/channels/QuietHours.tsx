import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../components/Card";
import { graphql } from "../../gql";
import { fieldErrors, useCommand } from "../../graphql/useCommand";
import { QuietFields } from "./QuietFields";

const SetQuietHours = graphql(`
  mutation SetQuietHours($quietFrom: String, $quietTo: String) {
    setQuietHours(quietFrom: $quietFrom, quietTo: $quietTo) {
      ... on OrganizationSaved { organization { id quietHours { quietFrom quietTo } } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

interface Props {
  saved: { quietFrom: string; quietTo: string } | null;
}

/** For all channels without hours of their own. */
export function QuietHours({ saved }: Props) {
  const { t } = useTranslation("channels");
  const before = { quietFrom: saved?.quietFrom ?? "", quietTo: saved?.quietTo ?? "" };
  const [hours, setHours] = useState(before);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const { run, busy } = useCommand(SetQuietHours, {
    showsRefusals: true,
    done: () => t("hoursSaved"),
  });
  const save = async () => {
    setErrors({});
    const { quietFrom, quietTo } = hours;
    const outcome = await run({ quietFrom: quietFrom || null, quietTo: quietTo || null });
    if (outcome.kind !== "refused") return;
    const fields = fieldErrors(outcome.refusal);
    setErrors(Object.keys(fields).length ? fields : { other: outcome.refusal.message });
  };
  return (
    <Card title={t("hours")}>
      <QuietFields
        more={t("hoursMore")}
        from={hours.quietFrom}
        to={hours.quietTo}
        errors={errors}
        onChange={(change) => setHours((all) => ({ ...all, ...change }))}
      />
      {errors.other && (
        <Text size="sm" c="var(--sea-soon)" role="alert">
          {errors.other}
        </Text>
      )}
      <Group>
        <Button
          loading={busy}
          disabled={JSON.stringify(hours) === JSON.stringify(before)}
          onClick={() => void save()}
        >
          {t("save")}
        </Button>
      </Group>
    </Card>
  );
}
