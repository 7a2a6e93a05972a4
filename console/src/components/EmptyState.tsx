import { Stack, Text, ThemeIcon } from "@mantine/core";
import { IconRipple } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  title: string;
  children?: ReactNode;
  /** What the person can do now, e.g. a button. */
  action?: ReactNode;
  icon?: typeof IconRipple;
}

export function EmptyState({ title, children, action, icon: Icon = IconRipple }: Props) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center" className="sea-card">
      <ThemeIcon size={52} radius="xl" variant="light" aria-hidden>
        <Icon size={28} stroke={1.5} />
      </ThemeIcon>
      <Text fw={600}>{title}</Text>
      {children && (
        <Text c="dimmed" size="sm" maw={420} component="div">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
