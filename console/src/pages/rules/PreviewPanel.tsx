import { Alert, Badge, Group, Loader, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Bars } from "../../components/Bars";
import { ErrorState } from "../../components/ErrorState";
import { LoadingList } from "../../components/LoadingList";
import { useFormat } from "../../i18n/format";
import { Examples } from "./Examples";
import { Overfull } from "./Overfull";
import type { Previewed, PreviewValue } from "./preview";

const SHOWN = ["P1D", "P7D", "P30D"];

interface Props {
  previewed: Previewed;
  dirty: boolean;
  hasErrors: boolean;
}

/** What the rules on the screen would do, beside them. */
export function PreviewPanel({ previewed, dirty, hasErrors }: Props) {
  const { t } = useTranslation("rules");
  const { preview, current, error, retry } = previewed;
  return (
    <Stack component="section" aria-label={t("preview.title")} className="sea-card" p="md" gap="md">
      <Group justify="space-between" wrap="nowrap">
        <Title order={2}>{t("preview.title")}</Title>
        {!current && !hasErrors && !error && (
          <Loader size="xs" aria-label={t("preview.counting")} />
        )}
        {current && !dirty && (
          <Badge variant="light" tt="none">
            {t("preview.asNow")}
          </Badge>
        )}
      </Group>
      {hasErrors && (
        <Alert color="red" role="status" icon={<IconAlertTriangle size={20} />}>
          {t("preview.wrong")}
        </Alert>
      )}
      {error && <ErrorState error={error} onRetry={retry} />}
      {!preview && !error && !hasErrors && <LoadingList rows={4} height={64} />}
      {preview && <Effect preview={preview} faded={!current} />}
    </Stack>
  );
}

function Effect({ preview, faded }: { preview: PreviewValue; faded: boolean }) {
  const { t } = useTranslation("rules");
  const { duration, number } = useFormat();
  const { releasedAtOnce, held, earlier, later, unchanged } = preview;
  const rows = preview.releasedWithin
    .filter(({ within }) => SHOWN.includes(within))
    .map(({ within, ...counts }) => ({ name: duration(within), ...counts }));
  return (
    <Stack gap="md" style={{ opacity: faded ? 0.55 : 1 }} aria-busy={faded}>
      <div role="status">
        <Text size="xl" fw={700} lh={1.3} c={releasedAtOnce > 0 ? "var(--sea-soon)" : undefined}>
          {releasedAtOnce > 0
            ? t("preview.atOnce", { count: releasedAtOnce, n: number(releasedAtOnce) })
            : t("save.nobodyAtOnce")}
        </Text>
        <Text size="sm" c="dimmed">
          {t("preview.ofHeld", { count: held, n: number(held) })}
        </Text>
      </div>
      <div>
        <Text fw={600} mb={4}>
          {t("preview.within")}
        </Text>
        <Bars
          label={t("preview.within")}
          rows={rows}
          height={220}
          series={[
            { name: "today", label: t("preview.today"), color: "gray.6" },
            { name: "proposed", label: t("preview.proposed"), color: "deepSea.6" },
          ]}
        />
      </div>
      <SimpleGrid cols={3} spacing="xs">
        <Count text={t("preview.earlier")} value={number(earlier)} />
        <Count text={t("preview.later")} value={number(later)} />
        <Count text={t("preview.unchanged")} value={number(unchanged)} />
      </SimpleGrid>
      <Overfull members={preview.overCapacity} />
      <Examples effects={preview.examples} />
    </Stack>
  );
}

function Count({ text, value }: { text: string; value: string }) {
  return (
    <div>
      <Text size="lg" fw={700} className="sea-number" lh={1.3}>
        {value}
      </Text>
      <Text size="sm" c="dimmed" lh={1.3}>
        {text}
      </Text>
    </div>
  );
}
