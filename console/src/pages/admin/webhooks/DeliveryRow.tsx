import { Anchor, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { DeliveryBadge } from "../../../components/DeliveryBadge";
import { graphql } from "../../../gql";
import type { DeliveryFragment } from "../../../gql/graphql";
import { useCommand } from "../../../graphql/useCommand";
import { useFormat } from "../../../i18n/format";

export const Delivery = graphql(`
  fragment Delivery on WebhookDelivery {
    id
    status
    attempts
    attemptedAt
    endedAt
    responseStatus
    problem
    nextAttemptAt
    event { id action at customer { id name } }
  }
`);

const ResendDelivery = graphql(`
  mutation ResendDelivery($deliveryId: ID!) {
    resendDelivery(deliveryId: $deliveryId) {
      ... on DeliveryResent { delivery { ...Delivery } }
      ... on Refusal { message }
    }
  }
`);

export function DeliveryRow({ delivery }: { delivery: DeliveryFragment }) {
  const { t } = useTranslation(["admin", "common"]);
  const { dateTime } = useFormat();
  const { status, attempts, problem, responseStatus, nextAttemptAt, event } = delivery;
  const { run, busy } = useCommand(ResendDelivery, { done: () => t("webhooks.resent") });
  const facts = [
    attempts > 0 && t("webhooks.attempts", { count: attempts }),
    responseStatus && `HTTP ${responseStatus}`,
    nextAttemptAt && t("webhooks.nextAt", { at: dateTime(nextAttemptAt) }),
  ];
  return (
    <Group justify="space-between" gap="sm">
      <div className="admin-row-main">
        <Group gap={8}>
          <DeliveryBadge status={status} />
          <Text size="sm">{t(`common:action.${event.action}`)}</Text>
          <Anchor component={Link} to={`/customer/${event.customer.id}`} size="sm">
            {event.customer.name}
          </Anchor>
        </Group>
        {problem && (
          <Text size="sm" c="var(--sea-soon)">
            {problem}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {[dateTime(event.at), ...facts].filter(Boolean).join(" · ")}
        </Text>
      </div>
      {(status === "FAILED" || problem) && (
        <Button
          variant="default"
          size="xs"
          loading={busy}
          onClick={() => run({ deliveryId: delivery.id })}
        >
          {t("webhooks.resend")}
        </Button>
      )}
    </Group>
  );
}
