import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { graphql } from "../../../gql";
import type { AdminWebhookFragment } from "../../../gql/graphql";
import { fieldErrors, useCommand } from "../../../graphql/useCommand";
import { FormDialog } from "../FormDialog";

const SaveWebhook = graphql(`
  mutation SaveWebhook($url: String!, $id: ID) {
    saveWebhook(url: $url, id: $id) {
      ... on WebhookSaved { secret webhook { ...AdminWebhook } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

interface Props {
  webhook: AdminWebhookFragment | null;
  /** With the secret of a new one. */
  onSaved: (secret: string | null) => void;
  onClose: () => void;
}

export function WebhookForm({ webhook, onSaved, onClose }: Props) {
  const { t } = useTranslation("admin");
  const [url, setUrl] = useState(webhook?.url ?? "https://");
  const [problem, setProblem] = useState<string>();
  const { run, busy } = useCommand(SaveWebhook, {
    showsRefusals: true,
    done: (saved) => t("saved", { name: saved.webhook.url }),
  });
  const save = async () => {
    const outcome = await run({ url: url.trim(), id: webhook?.id ?? null });
    if (outcome.kind === "done") onSaved(outcome.value.secret);
    if (outcome.kind !== "refused") return;
    setProblem(fieldErrors(outcome.refusal).url ?? outcome.refusal.message);
  };
  return (
    <FormDialog
      title={webhook ? t("webhooks.edit") : t("webhooks.add")}
      busy={busy}
      disabled={!/^https?:\/\/./.test(url.trim())}
      onSend={save}
      onClose={onClose}
    >
      <TextInput
        label={t("webhooks.url")}
        description={t("webhooks.urlMore")}
        type="url"
        value={url}
        error={problem}
        data-autofocus
        onChange={(event) => {
          setUrl(event.currentTarget.value);
          setProblem(undefined);
        }}
      />
    </FormDialog>
  );
}
