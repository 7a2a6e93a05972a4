import { Radio, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { graphql } from "../../gql";
import { fieldErrors, useCommand } from "../../graphql/useCommand";
import type { DialogProps } from "./Manage";
import { type OtherCustomer, OtherSearch } from "./OtherSearch";

const MergeCustomers = graphql(`
  mutation MergeCustomers($keep: ID!, $drop: ID!, $reason: String!, $idempotencyKey: String) {
    mergeCustomers(keep: $keep, drop: $drop, reason: $reason, idempotencyKey: $idempotencyKey) {
      ... on CustomersMerged { customer { ...CustomerFacts } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

/** One of two stays; its page is shown then. */
export function Merge({ customer, onClose }: DialogProps) {
  const { t } = useTranslation("customer");
  const navigate = useNavigate();
  const [other, setOther] = useState<OtherCustomer | null>(null);
  const [keep, setKeep] = useState(customer.id);
  const [reason, setReason] = useState("");
  const [problems, setProblems] = useState<Record<string, string>>({});
  const { run, busy } = useCommand(MergeCustomers, {
    showsRefusals: true,
    done: (merged) => t("mergeDone", { name: merged.customer.name }),
  });
  const merge = async () => {
    if (!other) return;
    const drop = keep === customer.id ? other.id : customer.id;
    const outcome = await run({ keep, drop, reason: reason.trim() });
    if (outcome.kind === "refused") {
      const fields = fieldErrors(outcome.refusal);
      setProblems(fields.reason ? fields : { other: outcome.refusal.message });
    }
    if (outcome.kind !== "done") return;
    onClose();
    if (keep !== customer.id) navigate(`/customer/${keep}`);
  };
  const choose = (found: OtherCustomer | null) => {
    setOther(found);
    setKeep(customer.id);
    setProblems({});
  };
  return (
    <ConfirmDialog
      opened
      danger
      title={t("mergeTitle", { name: customer.name })}
      confirm={t("verb.mergeNow")}
      busy={busy}
      disabled={!other || !reason.trim()}
      onConfirm={() => void merge()}
      onClose={onClose}
    >
      <Text size="sm">{t("mergeMore")}</Text>
      <OtherSearch customer={customer} value={other} onChange={choose} error={problems.other} />
      {other && (
        <Radio.Group label={t("keepWhich")} value={keep} onChange={setKeep}>
          <Stack gap={6} mt={6}>
            {[customer, other].map(({ id, name, owner }) => (
              <Radio
                key={id}
                value={id}
                label={name}
                description={owner ? t("heldBy", { name: owner.name }) : t("inPool")}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <TextInput
        label={t("mergeReason")}
        value={reason}
        maxLength={500}
        error={problems.reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}
