import { Group, Text } from "@mantine/core";
import { IconHourglass, IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useServerSeconds } from "../../graphql/clock";
import { useFormat } from "../../i18n/format";
import type { Standing } from "./standing";

/** What a claim brings, or why it is refused and until when. */
export function ClaimStanding({ standing }: { standing: Standing }) {
  const { t } = useTranslation("pool");
  const { date } = useFormat();
  switch (standing.kind) {
    case "free":
      if (!standing.releaseAt) return null;
      return (
        <Text size="sm" c="dimmed">
          {t("ifClaimed", { date: date(standing.releaseAt) })}
        </Text>
      );
    case "full":
      return <Refused message={t("full", { held: standing.held, capacity: standing.capacity })} />;
    case "spent":
      return <Refused message={t("spent", { limit: standing.limit })} />;
    case "refused":
      return <Refused message={standing.message} end={standing.end} />;
  }
}

function Refused({ message, end }: { message: string; end?: number | undefined }) {
  const Icon = end === undefined ? IconLock : IconHourglass;
  return (
    <Group gap={8} wrap="nowrap" align="flex-start">
      <Icon size={16} stroke={1.7} className="pool-refused-icon" aria-hidden />
      <Text size="sm" c="var(--sea-near)" component="div">
        {message}
        {end !== undefined && <Left end={end} />}
      </Text>
    </Group>
  );
}

function Left({ end }: { end: number }) {
  const { t } = useTranslation("pool");
  const { span } = useFormat();
  const left = Math.max(0, end - useServerSeconds() * 1000);
  return (
    <Text size="sm" className="sea-number" fw={600} aria-live="off">
      {t("left", { span: span(left) })}
    </Text>
  );
}
