import { Badge, Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { DeliveryStatus } from "../gql/graphql";

const COLOURS: Record<DeliveryStatus, string> = {
  PENDING: "gray",
  DELIVERED: "teal",
  FAILED: "red",
};

interface Props {
  delivery: { status: DeliveryStatus; problem?: string | null | undefined };
  /** What it tells. */
  children: ReactNode;
  /** What is false or empty is left out. */
  facts: unknown[];
  /** The words of the button that sends it again. */
  again: string;
  busy: boolean;
  onAgain: () => void;
}

/** A message to a webhook or a channel: how far it is, what went wrong, and once more. */
export function DeliveryLine({ delivery, children, facts, again, busy, onAgain }: Props) {
  const { t } = useTranslation("common");
  const { status, problem } = delivery;
  return (
    <Group justify="space-between" gap="sm">
      <div className="admin-row-main">
        <Group gap={8}>
          <Badge size="sm" variant="dot" tt="none" color={COLOURS[status]}>
            {t(`delivery.${status}`)}
          </Badge>
          {children}
        </Group>
        {problem && (
          <Text size="sm" c="var(--sea-soon)">
            {problem}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {facts.filter(Boolean).join(" · ")}
        </Text>
      </div>
      {(status === "FAILED" || problem) && (
        <Button variant="default" size="xs" loading={busy} onClick={onAgain}>
          {again}
        </Button>
      )}
    </Group>
  );
}
