import { Button, Group, Stack } from "@mantine/core";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { EmptyState } from "../../../components/EmptyState";
import { ErrorState } from "../../../components/ErrorState";
import { LoadingList } from "../../../components/LoadingList";
import { graphql } from "../../../gql";
import type { AdminWebhookFragment } from "../../../gql/graphql";
import { Secret } from "./Secret";
import { WebhookCard } from "./WebhookCard";
import { WebhookForm } from "./WebhookForm";

export const AdminWebhook = graphql(`
  fragment AdminWebhook on Webhook { id url createdAt }
`);

const AdminWebhooks = graphql(`
  query AdminWebhooks {
    organization { id webhooks { ...AdminWebhook } }
  }
`);

export default function Webhooks() {
  const { t } = useTranslation("admin");
  const [{ data, error }, again] = useQuery({ query: AdminWebhooks });
  const [edited, setEdited] = useState<AdminWebhookFragment | "new" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const webhooks = data?.organization.webhooks;
  if (error && !webhooks) return <ErrorState error={error} onRetry={() => again()} />;
  if (!webhooks) return <LoadingList />;
  const add = (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEdited("new")}>
      {t("webhooks.add")}
    </Button>
  );
  const saved = (key: string | null) => {
    setEdited(null);
    setSecret(key);
  };
  return (
    <Stack>
      {webhooks.length === 0 ? (
        <EmptyState title={t("webhooks.none")} icon={IconWebhook} action={add}>
          {t("webhooks.noneMore")}
        </EmptyState>
      ) : (
        <Group>{add}</Group>
      )}
      {webhooks.map((webhook) => (
        <WebhookCard key={webhook.id} webhook={webhook} onEdit={() => setEdited(webhook)} />
      ))}
      {edited && (
        <WebhookForm
          webhook={edited === "new" ? null : edited}
          onSaved={saved}
          onClose={() => setEdited(null)}
        />
      )}
      {secret && <Secret secret={secret} onClose={() => setSecret(null)} />}
    </Stack>
  );
}
