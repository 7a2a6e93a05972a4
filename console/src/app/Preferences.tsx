import { ActionIcon, Group } from "@mantine/core";
import { IconTerminal2 } from "@tabler/icons-react";
import { Account } from "./Account";
import { LanguageSwitch } from "./LanguageSwitch";
import { ThemeSwitch } from "./ThemeSwitch";

export function Preferences() {
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
      <Account />
    </Group>
  );
}
