import { Button, Group, NumberInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../components/Card";
import { graphql } from "../../gql";
import { fieldErrors, useCommand } from "../../graphql/useCommand";

const SetLookupLimit = graphql(`
  mutation SetLookupLimit($perHour: Int!) {
    setLookupLimit(perHour: $perHour) {
      ... on OrganizationSaved { organization { id lookupLimit } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

export function LookupLimitForm({ saved }: { saved: number }) {
  const { t } = useTranslation(["admin", "common"]);
  const [value, setValue] = useState<string | number>(saved);
  const [problem, setProblem] = useState<string>();
  const { run, busy } = useCommand(SetLookupLimit, {
    showsRefusals: true,
    done: () => t("duplicates.limitSaved"),
  });
  const save = async () => {
    const outcome = await run({ perHour: Number(value) });
    if (outcome.kind !== "refused") return;
    setProblem(fieldErrors(outcome.refusal).perHour ?? outcome.refusal.message);
  };
  return (
    <Card title={t("duplicates.limit")} more={t("duplicates.limitMore")}>
      <Group align="flex-start" gap="sm">
        <NumberInput
          w={180}
          aria-label={t("duplicates.limit")}
          suffix={t("duplicates.perHour")}
          allowDecimal={false}
          allowNegative={false}
          value={value}
          error={problem}
          onChange={(each) => {
            setValue(each);
            setProblem(undefined);
          }}
        />
        <Button
          loading={busy}
          disabled={value === "" || Number(value) === saved}
          onClick={() => void save()}
        >
          {t("common:save")}
        </Button>
      </Group>
    </Card>
  );
}
