import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  title: string;
  more?: string | undefined;
  /** At the right of the title. */
  aside?: ReactNode;
  children: ReactNode;
}

export function Card({ title, more, aside, children }: Props) {
  return (
    <Stack component="section" aria-label={title} className="sea-card" p="md" gap="sm">
      <Group justify="space-between" gap="xs">
        <div>
          <Title order={2}>{title}</Title>
          {more && (
            <Text size="sm" c="dimmed">
              {more}
            </Text>
          )}
        </div>
        {aside}
      </Group>
      {children}
    </Stack>
  );
}
