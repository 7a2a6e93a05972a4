import { ActionIcon, Group } from "@mantine/core";
import { IconTerminal2 } from "@tabler/icons-react";
import { loadConfig, useLoaded } from "../auth/config";
import { Account } from "./Account";
import { LanguageSwitch } from "./LanguageSwitch";
import { ThemeSwitch } from "./ThemeSwitch";

export function Preferences() {
  const config = useLoaded(loadConfig);
  return (
    <Group gap="xs" wrap="nowrap">
      <LanguageSwitch />
      <ThemeSwitch />
      {config?.graphiql && <GraphiqlLink />}
      <Account />
    </Group>
  );
}

function GraphiqlLink() {
  return (
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
  );
}
