import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { graphql } from "../../gql";
import type { ChannelFieldsFragment } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";
import { useFormat } from "../../i18n/format";
import { Messages } from "./Messages";

const DeleteChannel = graphql(`
  mutation DeleteChannel($channelId: ID!) {
    deleteChannel(channelId: $channelId) {
      ... on ChannelDeleted { id }
      ... on Refusal { message }
    }
  }
`);

interface Props {
  channel: ChannelFieldsFragment;
  onEdit: () => void;
}

/** A channel: what it sends and when, and what it has sent. */
export function ChannelItem({ channel, onEdit }: Props) {
  const { t } = useTranslation("channels");
  const { duration } = useFormat();
  const title = useId();
  const [deleting, { open, close }] = useDisclosure();
  const { run, busy } = useCommand(DeleteChannel, { done: () => t("deleted") });
  const remove = async () => {
    await run({ channelId: channel.id });
    close();
  };
  const { kind, address, signed, kinds, pools, quietFrom, quietTo, digestEvery } = channel;
  const name = t(`kind.${kind}`);
  const facts = [
    kinds ? kinds.map((each) => t(`alert.${each}`)).join(t("comma")) : t("allKinds"),
    pools?.map((pool) => pool.name).join(t("comma")),
    t("everyAtMost", { every: duration(digestEvery) }),
    quietFrom && quietTo && t("quietBetween", { from: quietFrom, to: quietTo }),
    signed && t("signed"),
  ];
  return (
    <article className="channel" aria-labelledby={title}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <div className="admin-row-main">
          <Text fw={600} id={title} component="h3" m={0}>
            {[name, address].filter(Boolean).join(" · ")}
          </Text>
          <Text size="sm" c="dimmed">
            {facts.filter(Boolean).join(" · ")}
          </Text>
        </div>
        <Group gap={6}>
          <Button variant="default" size="xs" onClick={onEdit}>
            {t("edit")}
          </Button>
          <Button variant="default" size="xs" onClick={open}>
            {t("delete")}
          </Button>
        </Group>
      </Group>
      <Messages channelId={channel.id} />
      <ConfirmDialog
        opened={deleting}
        danger
        title={t("deleteTitle", { name })}
        confirm={t("delete")}
        busy={busy}
        onConfirm={() => void remove()}
        onClose={close}
      >
        <Text size="sm">{t("deleteMore")}</Text>
      </ConfirmDialog>
    </article>
  );
}
