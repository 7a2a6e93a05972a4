import { Menu, Text } from "@mantine/core";
import { IconBeach, IconLogout } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { signOut } from "../auth/session";
import { AccountButton } from "./Account";
import { useMe } from "./me";

export default function AccountMenu() {
  const { t } = useTranslation(["shell", "common"]);
  const { viewer } = useMe();
  const role = t(`common:role.${viewer.role}`);
  return (
    <Menu position="bottom-end" width={240} defaultOpened>
      <Menu.Target>
        <AccountButton />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={600} c="var(--mantine-color-text)">
            {viewer.name}
          </Text>
          <Text size="xs">{viewer.email}</Text>
          <Text size="xs">{[viewer.department?.name, role].filter(Boolean).join(" · ")}</Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          component={Link}
          to={`/member/${viewer.id}`}
          leftSection={<IconBeach size={18} aria-hidden />}
        >
          {t("own")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={18} />} onClick={() => signOut("chosen")}>
          {t("signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
