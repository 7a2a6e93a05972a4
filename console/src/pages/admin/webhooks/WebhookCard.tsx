import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { Card } from "../../../components/Card";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { graphql } from "../../../gql";
import type { AdminWebhookFragment } from "../../../gql/graphql";
import { useCommand } from "../../../graphql/useCommand";
import { useFormat } from "../../../i18n/format";
import { Deliveries } from "./Deliveries";
import { Ping } from "./Ping";

const DeleteWebhook = graphql(`
  mutation DeleteWebhook($webhookId: ID!) {
    deleteWebhook(webhookId: $webhookId) {
      ... on WebhookDeleted { id }
      ... on Refusal { message }
    }
  }
`);

interface Props {
  webhook: AdminWebhookFragment;
  onEdit: () => void;
}

export function WebhookCard({ webhook, onEdit }: Props) {
  const { t } = useTranslation("admin");
  const { date } = useFormat();
  const [deleting, { open, close }] = useDisclosure();
  const { run, busy } = useCommand(DeleteWebhook, { done: () => t("webhooks.deleted") });
  const remove = async () => {
    await run({ webhookId: webhook.id });
    close();
  };
  return (
    <Card
      title={webhook.url}
      more={t("webhooks.since", { date: date(webhook.createdAt) })}
      aside={
        <Group gap={6}>
          <Button variant="default" size="xs" onClick={onEdit}>
            {t("edit")}
          </Button>
          <Button variant="default" size="xs" onClick={open}>
            {t("webhooks.delete")}
          </Button>
        </Group>
      }
    >
      <Ping webhookId={webhook.id} />
      <Deliveries webhookId={webhook.id} />
      <ConfirmDialog
        opened={deleting}
        danger
        title={t("webhooks.deleteTitle")}
        confirm={t("webhooks.delete")}
        busy={busy}
        onConfirm={() => void remove()}
        onClose={close}
      >
        <Text size="sm">{t("webhooks.deleteMore", { url: webhook.url })}</Text>
      </ConfirmDialog>
    </Card>
  );
}
