import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { MoreList } from "../../components/MoreList";
import { graphql } from "../../gql";
import { useCommand } from "../../graphql/useCommand";
import { usePages } from "../../graphql/usePages";
import { MessageRow } from "./MessageRow";

const ChannelMessages = graphql(`
  query ChannelMessages($id: ID!, $after: Cursor) {
    node(id: $id) {
      id
      ... on Channel {
        deliveries(first: 5, after: $after) {
          pageInfo { hasNextPage endCursor }
          nodes { ...ChannelMessageFields }
        }
      }
    }
  }
`);

const TestChannel = graphql(`
  mutation TestChannel($channelId: ID!) {
    testChannel(channelId: $channelId) {
      ... on ChannelMessage { delivery { ...ChannelMessageFields } }
      ... on Refusal { message }
    }
  }
`);

/** What a channel has sent, and a greeting to try it. */
export function Messages({ channelId }: { channelId: string }) {
  const { t } = useTranslation("channels");
  const pages = usePages(ChannelMessages, { id: channelId }, ({ node }) =>
    node && "deliveries" in node ? node.deliveries : null,
  );
  const { run, busy } = useCommand(TestChannel, { done: () => t("greeted") });
  const greet = async () => {
    await run({ channelId });
    await pages.refresh();
  };
  return (
    <>
      <Group justify="space-between" gap="xs" my={6}>
        <Text size="sm" fw={600}>
          {t("messages")}
        </Text>
        <Group gap={6}>
          <Button variant="default" size="xs" loading={busy} onClick={() => void greet()}>
            {t("greet")}
          </Button>
          <Button variant="default" size="xs" onClick={pages.refresh}>
            {t("reload")}
          </Button>
        </Group>
      </Group>
      <MoreList
        pages={pages}
        label={t("messages")}
        empty={t("noMessages")}
        keyOf={(each) => each.id}
      >
        {(message) => <MessageRow message={message} onSent={pages.refresh} />}
      </MoreList>
    </>
  );
}
