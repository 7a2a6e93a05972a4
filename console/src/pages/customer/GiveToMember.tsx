import { Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { type MemberChoice, MemberSelect } from "../../components/MemberSelect";
import { graphql } from "../../gql";
import { useCommand } from "../../graphql/useCommand";
import type { DialogProps } from "./Manage";

const AssignCustomer = graphql(`
  mutation AssignCustomer($customerId: ID!, $memberId: ID!, $idempotencyKey: String) {
    assignCustomer(customerId: $customerId, memberId: $memberId, idempotencyKey: $idempotencyKey) {
      ... on Claimed { customer { ...CustomerFacts } }
      ... on Refusal { message }
    }
  }
`);

const TransferCustomer = graphql(`
  mutation TransferCustomer($customerId: ID!, $memberId: ID!, $idempotencyKey: String) {
    transferCustomer(customerId: $customerId, memberId: $memberId, idempotencyKey: $idempotencyKey) {
      ... on Claimed { customer { ...CustomerFacts } }
      ... on Refusal { message }
    }
  }
`);

/** A pooled customer is assigned, a held one transferred. */
export function GiveToMember({ customer, onClose, refresh }: DialogProps) {
  const { t } = useTranslation("customer");
  const [verb] = useState(customer.owner ? "transfer" : "assign");
  const [member, setMember] = useState<MemberChoice | null>(null);
  const [problem, setProblem] = useState<string>();
  const options = {
    showsRefusals: true,
    done: () => t(`${verb}Done`, { name: customer.name, member: member?.name }),
  };
  const assign = useCommand(AssignCustomer, options);
  const transfer = useCommand(TransferCustomer, options);
  const { run, busy } = verb === "transfer" ? transfer : assign;
  const give = async () => {
    if (!member) return;
    const outcome = await run({ customerId: customer.id, memberId: member.id });
    if (outcome.kind === "done") onClose();
    if (outcome.kind !== "refused") return;
    setProblem(outcome.refusal.message);
    refresh();
  };
  return (
    <ConfirmDialog
      opened
      title={t(`${verb}Title`, { name: customer.name })}
      confirm={t(`verb.${verb}Now`)}
      busy={busy}
      disabled={!member}
      onConfirm={() => void give()}
      onClose={onClose}
    >
      <Text size="sm">{t(`${verb}More`, { owner: customer.owner?.name })}</Text>
      <MemberSelect
        label={t("toWhom")}
        value={member}
        without={customer.owner ? [customer.owner.id] : []}
        error={problem}
        onChange={(chosen) => {
          setMember(chosen);
          setProblem(undefined);
        }}
      />
    </ConfirmDialog>
  );
}
