import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DeliveryLine } from "../../components/DeliveryLine";
import { graphql } from "../../gql";
import type { ChannelMessageFieldsFragment } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";
import { useFormat } from "../../i18n/format";

export const ChannelMessageFields = graphql(`
  fragment ChannelMessageFields on ChannelDelivery {
    id
    greeting
    alerts
    status
    attempts
    createdAt
    endedAt
    responseStatus
    problem
    nextAttemptAt
  }
`);

const ResendMessage = graphql(`
  mutation ResendChannelDelivery($id: ID!) {
    resendChannelDelivery(channelDeliveryId: $id) {
      ... on ChannelMessage { delivery { ...ChannelMessageFields } }
      ... on Refusal { message }
    }
  }
`);

interface Props {
  message: ChannelMessageFieldsFragment;
  onSent: () => void;
}

export function MessageRow({ message, onSent }: Props) {
  const { t } = useTranslation("channels");
  const { dateTime } = useFormat();
  const { id, greeting, alerts, attempts, createdAt, nextAttemptAt } = message;
  const { run, busy } = useCommand(ResendMessage, { done: () => t("resent") });
  const resend = async () => {
    if ((await run({ id })).kind === "done") onSent();
  };
  return (
    <DeliveryLine
      delivery={message}
      facts={[
        dateTime(createdAt),
        attempts > 1 && t("attempts", { count: attempts }),
        nextAttemptAt && t("nextAt", { at: dateTime(nextAttemptAt) }),
      ]}
      again={t("resend")}
      busy={busy}
      onAgain={() => void resend()}
    >
      <Text size="sm">{greeting ? t("greeting") : t("alerts", { count: alerts })}</Text>
    </DeliveryLine>
  );
}
