import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DeliveryBadge } from "../../components/DeliveryBadge";
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
  const { id, greeting, alerts, status, attempts, createdAt, problem, nextAttemptAt } = message;
  const { run, busy } = useCommand(ResendMessage, { done: () => t("resent") });
  const resend = async () => {
    if ((await run({ id })).kind === "done") onSent();
  };
  const facts = [
    dateTime(createdAt),
    attempts > 1 && t("attempts", { count: attempts }),
    nextAttemptAt && t("nextAt", { at: dateTime(nextAttemptAt) }),
  ];
  return (
    <Group justify="space-between" gap="sm">
      <div className="admin-row-main">
        <Group gap={8}>
          <DeliveryBadge status={status} />
          <Text size="sm">{greeting ? t("greeting") : t("alerts", { count: alerts })}</Text>
        </Group>
        {problem && (
          <Text size="sm" c="var(--sea-soon)">
            {problem}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {facts.filter(Boolean).join(" · ")}
        </Text>
      </div>
      {(status === "FAILED" || problem) && (
        <Button variant="default" size="xs" loading={busy} onClick={() => void resend()}>
          {t("resend")}
        </Button>
      )}
    </Group>
  );
}
