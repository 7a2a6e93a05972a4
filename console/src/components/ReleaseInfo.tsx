import { Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { graphql } from "../gql";
import type { ReleaseFieldsFragment } from "../gql/graphql";
import { useFormat } from "../i18n/format";
import { Countdown } from "./Countdown";

export const ReleaseFields = graphql(`
  fragment ReleaseFields on ReleaseForecast {
    at reason provisional
    conditions { reason at remedy }
  }
`);

interface Props {
  release: ReleaseFieldsFragment | null | undefined;
  /** Why nothing releases it, where `release` is null. */
  safe?: string;
  /** Show every rule that bears on it, not only the first. */
  all?: boolean;
}

/** When a customer is released, by which rule, and what its owner can do about it. */
export function ReleaseInfo({ release, safe, all = false }: Props) {
  const { t } = useTranslation("common");
  const { dateTime } = useFormat();
  if (!release) {
    return (
      <Text size="sm" c="dimmed">
        {safe ?? t("release.never")}
      </Text>
    );
  }
  const conditions = all ? release.conditions : release.conditions.slice(0, 1);
  return (
    <Stack gap={4}>
      <Group gap="0 10px">
        <Countdown at={release.at} />
        <Text size="sm" c="dimmed" component="span">
          {dateTime(release.at)}
        </Text>
      </Group>
      {conditions.map((condition) => (
        <Text size="sm" key={condition.reason}>
          <Text span fw={500}>
            {t(`reason.${condition.reason}`)}
          </Text>
          {all && condition.at !== release.at && ` (${dateTime(condition.at)})`}
          {t("colon")}
          {condition.remedy}
        </Text>
      ))}
      {release.provisional && (
        <Text size="xs" c="dimmed">
          {t("release.provisional")}
        </Text>
      )}
    </Stack>
  );
}
