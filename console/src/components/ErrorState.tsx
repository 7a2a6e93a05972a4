import { Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CombinedError } from "urql";

interface Props {
  error: CombinedError | Error;
  onRetry?: () => void;
  /** A part of a page: a line or two. */
  small?: boolean;
}

export function ErrorState({ error, onRetry, small = false }: Props) {
  const { t } = useTranslation("common");
  return (
    <Stack
      align="center"
      gap="xs"
      py={small ? "sm" : 48}
      px="md"
      ta="center"
      className="sea-card"
      role="alert"
    >
      {!small && <IconAlertTriangle size={32} stroke={1.5} color="var(--sea-near)" aria-hidden />}
      <Text fw={600}>{t("failed")}</Text>
      <Text c="dimmed" size="sm" maw={480}>
        {wordsOf(error) ?? t("unreachable")}
      </Text>
      {onRetry && (
        <Button variant="light" size={small ? "xs" : "sm"} onClick={onRetry}>
          {t("again")}
        </Button>
      )}
    </Stack>
  );
}

/** The API's own words; a lost connection has none. */
function wordsOf(error: CombinedError | Error): string | undefined {
  if ("graphQLErrors" in error) return error.graphQLErrors[0]?.message;
  return error.message;
}
