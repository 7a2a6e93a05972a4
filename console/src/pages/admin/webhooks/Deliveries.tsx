import { Button, Group, Switch, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MoreList } from "../../../components/MoreList";
import { graphql } from "../../../gql";
import { usePages } from "../../../graphql/usePages";
import { DeliveryRow } from "./DeliveryRow";

const WebhookDeliveries = graphql(`
  query WebhookDeliveries($id: ID!, $after: Cursor, $failedOnly: Boolean!) {
    node(id: $id) {
      id
      ... on Webhook {
        deliveries(first: 10, after: $after, failedOnly: $failedOnly) {
          pageInfo { hasNextPage endCursor }
          nodes { ...Delivery }
        }
      }
    }
  }
`);

export function Deliveries({ webhookId }: { webhookId: string }) {
  const { t } = useTranslation(["admin", "common"]);
  const [failedOnly, setFailedOnly] = useState(false);
  const pages = usePages(WebhookDeliveries, { id: webhookId, failedOnly }, ({ node }) =>
    node && "deliveries" in node ? node.deliveries : null,
  );
  return (
    <>
      <Group justify="space-between">
        <Title order={3} size="h5">
          {t("webhooks.deliveries")}
        </Title>
        <Group gap="sm">
          <Switch
            label={t("webhooks.failedOnly")}
            checked={failedOnly}
            onChange={(event) => setFailedOnly(event.currentTarget.checked)}
          />
          <Button variant="default" size="xs" onClick={pages.refresh}>
            {t("webhooks.reload")}
          </Button>
        </Group>
      </Group>
      <MoreList
        pages={pages}
        label={t("webhooks.deliveries")}
        empty={failedOnly ? t("webhooks.noneFailed") : t("webhooks.noDeliveries")}
        keyOf={(each) => each.id}
      >
        {(delivery) => <DeliveryRow delivery={delivery} />}
      </MoreList>
    </>
  );
}
