import { Button, Chip, Group, NativeSelect, Stack, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import { graphql } from "../../gql";
import { fieldErrors, useCommand } from "../../graphql/useCommand";
import { useDraft } from "../../graphql/useDraft";
import type { PanelProps } from "./actions";

const GiveBackCustomer = graphql(`
  mutation GiveBackCustomer($customerId: ID!, $reason: String!, $poolId: ID, $idempotencyKey: String) {
    releaseCustomer(
      customerId: $customerId
      reason: $reason
      poolId: $poolId
      idempotencyKey: $idempotencyKey
    ) {
      ... on Released { customer { id owner { id } holding { since } openedAt pool { id name } } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const USUAL = ["noNeed", "noBudget", "unreachable", "otherRegion"];

export default function GiveBack({ customerId, name, poolId, onClose }: PanelProps) {
  const { t } = useTranslation(["customers", "common"]);
  const { pools } = useMe();
  const [reason, setReason, clear] = useDraft(`giveBack.${customerId}`, "");
  const [target, setTarget] = useState(poolId);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const { run, busy } = useCommand(GiveBackCustomer, {
    showsRefusals: true,
    done: ({ customer }) => t("givenBack", { name, pool: customer.pool.name }),
  });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const elsewhere = target === poolId ? null : target;
    const outcome = await run({ customerId, reason: reason.trim(), poolId: elsewhere });
    if (outcome.kind === "refused") {
      const fields = fieldErrors(outcome.refusal);
      setProblems(Object.keys(fields).length ? fields : { reason: outcome.refusal.message });
    } else if (outcome.kind === "done") {
      clear();
      onClose();
    }
  };
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <Chip.Group value={reason} onChange={(value) => setReason(String(value))}>
          <Group gap={6}>
            {USUAL.map((each) => (
              <Chip key={each} value={t(`usual.${each}`)} size="sm">
                {t(`usual.${each}`)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        <Textarea
          label={t("reason")}
          value={reason}
          error={problems.reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={500}
          autosize
          minRows={1}
        />
        <Group align="flex-end" gap="sm">
          <NativeSelect
            flex="1 1 200px"
            label={t("toWhichPool")}
            value={target}
            error={problems.poolId}
            onChange={(event) => setTarget(event.currentTarget.value)}
            data={pools.map((pool) => ({ value: pool.id, label: pool.name }))}
          />
          <Button type="submit" color="red" loading={busy} disabled={!reason.trim()}>
            {t("giveBackNow")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
