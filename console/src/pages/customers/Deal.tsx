import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { graphql } from "../../gql";
import { fieldErrors, useCommand } from "../../graphql/useCommand";
import { useDraft } from "../../graphql/useDraft";
import type { PanelProps } from "./actions";
import { usePoolRules } from "./poolRules";

const RecordDeal = graphql(`
  mutation RecordDeal($customerId: ID!, $amount: Decimal!, $idempotencyKey: String) {
    recordDeal(customerId: $customerId, amount: $amount, idempotencyKey: $idempotencyKey) {
      ... on Held { customer { ...HeldRow } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

export default function Deal({ customerId, name, poolId, onClose }: PanelProps) {
  const { t } = useTranslation(["customers", "common"]);
  const rules = usePoolRules(poolId);
  const [amount, setAmount, clear] = useDraft(`deal.${customerId}`, "");
  const [problem, setProblem] = useState<string>();
  const { run, busy } = useCommand(RecordDeal, {
    showsRefusals: true,
    done: ({ customer }) =>
      customer.holding?.dealReportedAt ? t("dealReported", { name }) : t("dealDone", { name }),
  });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const plain = amount.trim().replace(/[,，\s]/g, "");
    const outcome = await run({ customerId, amount: plain });
    if (outcome.kind === "refused") {
      setProblem(fieldErrors(outcome.refusal).amount ?? outcome.refusal.message);
    } else if (outcome.kind === "done") {
      clear();
      onClose();
    }
  };
  return (
    <form onSubmit={send}>
      <Group align="flex-start" gap="sm">
        <TextInput
          flex="1 1 200px"
          label={t("amount")}
          description={rules?.dealApproval ? t("needsApproval") : undefined}
          inputMode="decimal"
          autoFocus
          value={amount}
          error={problem}
          onChange={(event) => {
            setAmount(event.currentTarget.value);
            setProblem(undefined);
          }}
        />
        <Button type="submit" mt={25} loading={busy} disabled={!amount.trim()}>
          {t("recordDeal")}
        </Button>
      </Group>
    </form>
  );
}
