import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { graphql } from "../../../gql";
import type { PingedFragment } from "../../../gql/graphql";
import { useCommand } from "../../../graphql/useCommand";

export const Pinged = graphql(`
  fragment Pinged on WebhookPinged { webhook { id } responseStatus milliseconds problem }
`);

const PingWebhook = graphql(`
  mutation PingWebhook($webhookId: ID!) {
    pingWebhook(webhookId: $webhookId) {
      ... on WebhookPinged { ...Pinged }
      ... on Refusal { message }
    }
  }
`);

/** Posts a message of no event at once; its answer stays beside the button. */
export function Ping({ webhookId }: { webhookId: string }) {
  const { t } = useTranslation("admin");
  const [answer, setAnswer] = useState<PingedFragment>();
  const { run, busy } = useCommand(PingWebhook);
  const ping = async () => {
    setAnswer(undefined);
    const outcome = await run({ webhookId });
    if (outcome.kind === "done") setAnswer(outcome.value);
  };
  return (
    <Group gap="sm">
      <Button variant="default" size="xs" loading={busy} onClick={() => void ping()}>
        {t("webhooks.ping")}
      </Button>
      <Text size="sm" role="status" c={answer?.problem ? "var(--sea-soon)" : undefined}>
        {answer &&
          (answer.problem ? t("webhooks.pingFailed", answer) : t("webhooks.pinged", answer))}
      </Text>
    </Group>
  );
}
