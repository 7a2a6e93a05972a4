import { Button, Group, NumberInput, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { graphql } from "../../gql";
import { fieldErrors, useCommand } from "../../graphql/useCommand";
import { useDraft } from "../../graphql/useDraft";
import { writeDuration } from "../../i18n/duration";
import { useFormat } from "../../i18n/format";
import type { PanelProps } from "./actions";
import { usePoolRules } from "./poolRules";

const RequestExtension = graphql(`
  mutation RequestExtension($customerId: ID!, $by: Duration!, $reason: String!) {
    requestExtension(customerId: $customerId, by: $by, reason: $reason) {
      ... on Extension { id status by }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const EMPTY = { days: 3, reason: "" };

export default function Extension({ customerId, name, poolId, onClose }: PanelProps) {
  const { t } = useTranslation(["customers", "common"]);
  const { duration } = useFormat();
  const limit = usePoolRules(poolId)?.extensionLimit;
  const [draft, setDraft, clear] = useDraft(`extension.${customerId}`, EMPTY);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const { run, busy } = useCommand(RequestExtension, {
    showsRefusals: true,
    done: () => t("extensionAsked", { name }),
  });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const by = writeDuration(draft.days, "day");
    const outcome = await run({ customerId, by, reason: draft.reason.trim() });
    if (outcome.kind === "refused") {
      const fields = fieldErrors(outcome.refusal);
      setProblems(Object.keys(fields).length ? fields : { by: outcome.refusal.message });
    } else if (outcome.kind === "done") {
      clear();
      onClose();
    }
  };
  return (
    <form onSubmit={send}>
      <Group align="flex-start" gap="sm">
        <NumberInput
          w={150}
          label={t("days")}
          description={limit ? t("atMost", { limit: duration(limit) }) : undefined}
          min={1}
          max={3_650}
          allowDecimal={false}
          value={draft.days}
          error={problems.by}
          onChange={(value) => setDraft({ ...draft, days: Number(value) || 1 })}
        />
        <Textarea
          flex="1 1 220px"
          label={t("extensionReason")}
          description={t("extensionMore")}
          value={draft.reason}
          error={problems.reason}
          onChange={(event) => setDraft({ ...draft, reason: event.currentTarget.value })}
          maxLength={500}
          autosize
          minRows={1}
        />
        <Button type="submit" mt={45} loading={busy} disabled={!draft.reason.trim()}>
          {t("ask")}
        </Button>
      </Group>
    </form>
  );
}
