import { Box, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  title: string;
  more?: ReactNode;
  /** At the right of the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A part of a page that has a title of its own. */
export function Card({ title, more, aside, children }: Props) {
  return (
    <Stack component="section" aria-label={title} className="sea-card" p="md" gap="sm">
      <Group justify="space-between" align="flex-start" gap="xs">
        <Box flex="1 1 160px" miw={0}>
          <Title order={2}>{title}</Title>
          {more && (
            <Text size="sm" c="dimmed" component="div">
              {more}
            </Text>
          )}
        </Box>
        {aside}
      </Group>
      {children}
    </Stack>
  );
}
