import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import { Card } from "../../components/Card";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { graphql } from "../../gql";
import type { CustomerFactsFragment } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";
import { useFormat } from "../../i18n/format";

const ReleaseKey = graphql(`
  mutation ReleaseKey($customerId: ID!, $key: DuplicateKey!, $value: String!) {
    releaseDuplicateKey(customerId: $customerId, key: $key, value: $value) {
      ... on CustomerSaved { customer { ...CustomerFacts } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

type FormerKey = CustomerFactsFragment["formerKeys"][number];

interface Props {
  customer: CustomerFactsFragment;
  refresh: () => void;
}

/** Names and numbers that it had once: they still refuse a duplicate. */
export function FormerKeys({ customer, refresh }: Props) {
  const { t } = useTranslation(["customer", "common"]);
  const { date } = useFormat();
  const { administered } = useMe();
  const [chosen, setChosen] = useState<FormerKey | null>(null);
  const { run, busy } = useCommand(ReleaseKey, { done: () => t("keyReleased") });
  if (customer.formerKeys.length === 0) return null;
  const manages = administered.some(({ id }) => id === customer.pool.id);
  const release = async () => {
    if (!chosen) return;
    const { key, value } = chosen;
    const outcome = await run({ customerId: customer.id, key, value });
    setChosen(null);
    if (outcome.kind === "refused") refresh();
  };
  return (
    <Card title={t("formerKeys")} more={t("formerKeysMore")}>
      <Stack gap="xs" component="ul" className="sea-list">
        {customer.formerKeys.map((each) => (
          <Group key={`${each.key} ${each.value}`} component="li" justify="space-between" gap="xs">
            <div>
              <Text size="sm">{each.value}</Text>
              <Text size="xs" c="dimmed">
                {t(`common:key.${each.key}`)} · {t("keySince", { date: date(each.since) })}
              </Text>
            </div>
            {manages && (
              <Button variant="default" size="xs" onClick={() => setChosen(each)}>
                {t("releaseKey")}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      <ConfirmDialog
        opened={chosen !== null}
        title={t("releaseKeyTitle")}
        confirm={t("releaseKey")}
        busy={busy}
        onConfirm={() => void release()}
        onClose={() => setChosen(null)}
      >
        <Text>{t("releaseKeyMore", { value: chosen?.value })}</Text>
      </ConfirmDialog>
    </Card>
  );
}
