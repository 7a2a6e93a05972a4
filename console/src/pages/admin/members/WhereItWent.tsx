import { Anchor, Button, Group, Modal, ScrollArea, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Left } from "./Deactivate";

interface Props {
  left: Left;
  onClose: () => void;
}

/** Every customer of a leaver, and where it is now. */
export function WhereItWent({ left: { member, customers, released, handedOver }, onClose }: Props) {
  const { t } = useTranslation(["admin", "common"]);
  const rest = customers.totalCount - customers.nodes.length;
  return (
    <Modal
      opened
      centered
      title={t("members.hasLeft", { name: member.name })}
      onClose={onClose}
      closeButtonProps={{ "aria-label": t("common:close") }}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      <Stack>
        <Text size="sm">{t("members.released", { count: customers.totalCount })}</Text>
        {handedOver > 0 && (
          <Text size="sm">
            {t("members.handedOver", { count: handedOver })}{" "}
            {released > 0 && t("members.noRoom", { count: released })}
          </Text>
        )}
        <Stack component="ul" className="sea-list" gap="xs">
          {customers.nodes.map(({ id, name, pool, owner }) => (
            <li key={id}>
              <Anchor component={Link} to={`/customer/${id}`} size="sm">
                {name}
              </Anchor>
              <Text size="xs" c="dimmed">
                {owner ? t("members.nowHeld", { name: owner.name }) : pool.name}
              </Text>
            </li>
          ))}
        </Stack>
        {rest > 0 && <Text size="sm">{t("members.andMore", { count: rest })}</Text>}
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("common:close")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
