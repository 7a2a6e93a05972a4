import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  title: string;
  more?: string | undefined;
  children: ReactNode;
}

export function Section({ title, more, children }: Props) {
  return (
    <Stack component="section" aria-label={title} className="sea-card" p="md" gap="xs">
      <div>
        <Title order={2}>{title}</Title>
        {more && (
          <Text size="sm" c="dimmed">
            {more}
          </Text>
        )}
      </div>
      {children}
    </Stack>
  );
}
