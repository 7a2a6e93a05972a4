import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { DeliveryLine } from "../../../components/DeliveryLine";
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
  const { id, attempts, responseStatus, nextAttemptAt, event } = delivery;
  const { run, busy } = useCommand(ResendDelivery, { done: () => t("webhooks.resent") });
  return (
    <DeliveryLine
      delivery={delivery}
      facts={[
        dateTime(event.at),
        attempts > 0 && t("webhooks.attempts", { count: attempts }),
        responseStatus && `HTTP ${responseStatus}`,
        nextAttemptAt && t("webhooks.nextAt", { at: dateTime(nextAttemptAt) }),
      ]}
      again={t("webhooks.resend")}
      busy={busy}
      onAgain={() => void run({ deliveryId: id })}
    >
      <Text size="sm">{t(`common:action.${event.action}`)}</Text>
      <Anchor component={Link} to={`/customer/${event.customer.id}`} size="sm">
        {event.customer.name}
      </Anchor>
    </DeliveryLine>
  );
}
