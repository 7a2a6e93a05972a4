import { Button, Checkbox, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../components/Card";
import { graphql } from "../../gql";
import type { DuplicateKey } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";

const SetDuplicateKeys = graphql(`
  mutation SetDuplicateKeys($blocking: [DuplicateKey!]!) {
    setDuplicateKeys(blocking: $blocking) {
      ... on OrganizationSaved { organization { id duplicateKeys } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const KEYS: DuplicateKey[] = ["REGISTRATION_NUMBER", "NAME", "PHONE", "EMAIL"];

export function DuplicateKeysForm({ saved }: { saved: DuplicateKey[] }) {
  const { t } = useTranslation(["admin", "common"]);
  const [chosen, setChosen] = useState<string[]>(saved);
  const { run, busy } = useCommand(SetDuplicateKeys, { done: () => t("duplicates.keysSaved") });
  const blocking = KEYS.filter((key) => chosen.includes(key));
  const changed = KEYS.some((key) => blocking.includes(key) !== saved.includes(key));
  return (
    <Card title={t("duplicates.keys")} more={t("duplicates.keysMore")}>
      <Checkbox.Group aria-label={t("duplicates.keys")} value={chosen} onChange={setChosen}>
        <Stack gap={10}>
          {KEYS.map((key) => (
            <Checkbox key={key} value={key} label={t(`common:key.${key}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Group>
        <Button loading={busy} disabled={!changed} onClick={() => run({ blocking })}>
          {t("common:save")}
        </Button>
      </Group>
    </Card>
  );
}
