import { ActionIcon, Avatar, Group, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconLogout, IconTerminal2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { signOut } from "../auth/session";
import { LanguageSwitch } from "./LanguageSwitch";
import { useMe } from "./me";
import { ThemeSwitch } from "./ThemeSwitch";

export function AccountMenu() {
  const { t } = useTranslation(["shell", "common"]);
  const { viewer } = useMe();
  return (
    <Group gap="xs" wrap="nowrap">
      <LanguageSwitch />
      <ThemeSwitch />
      <ActionIcon
        component="a"
        href="/graphiql"
        variant="subtle"
        color="gray"
        size="lg"
        visibleFrom="sm"
        aria-label="GraphiQL"
        title="GraphiQL"
      >
        <IconTerminal2 size={20} stroke={1.6} />
      </ActionIcon>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <UnstyledButton aria-label={t("account", { name: viewer.name })}>
            <Group gap="xs" wrap="nowrap">
              <Avatar name={viewer.name} color="initials" size={34} />
              <Text size="sm" fw={500} visibleFrom="md" maw={180} truncate>
                {viewer.name}
              </Text>
            </Group>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Text fw={600} c="var(--mantine-color-text)">
              {viewer.name}
            </Text>
            <Text size="xs">{viewer.email}</Text>
            <Text size="xs">
              {[viewer.department?.name, t(`common:role.${viewer.role}`)]
                .filter(Boolean)
                .join(" · ")}
            </Text>
          </Menu.Label>
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={18} />} onClick={() => signOut("chosen")}>
            {t("signOut")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
