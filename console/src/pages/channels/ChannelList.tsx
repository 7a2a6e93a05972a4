import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelFieldsFragment } from "../../gql/graphql";
import { ChannelForm } from "./ChannelForm";
import { ChannelItem } from "./ChannelItem";
import "../admin/admin.css";

interface Props {
  channels: ChannelFieldsFragment[];
  forOrganization: boolean;
}

export function ChannelList({ channels, forOrganization }: Props) {
  const { t } = useTranslation("channels");
  const [edited, setEdited] = useState<ChannelFieldsFragment | "new" | null>(null);
  return (
    <>
      {channels.length === 0 && <Text c="dimmed">{t("none")}</Text>}
      <Stack
        component="ul"
        className="sea-list"
        gap="md"
        aria-label={t("list")}
        hidden={channels.length === 0}
      >
        {channels.map((channel) => (
          <li key={channel.id}>
            <ChannelItem channel={channel} onEdit={() => setEdited(channel)} />
          </li>
        ))}
      </Stack>
      <Group>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEdited("new")}>
          {t("add")}
        </Button>
      </Group>
      {edited && (
        <ChannelForm
          channel={edited === "new" ? null : edited}
          forOrganization={forOrganization}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}
