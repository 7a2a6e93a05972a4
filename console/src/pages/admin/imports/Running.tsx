import { Button, Group, Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSubscription } from "urql";
import { Card } from "../../../components/Card";
import { graphql } from "../../../gql";
import { useFormat } from "../../../i18n/format";

const ImportProgressLive = graphql(`
  subscription ImportProgressLive($sheetId: ID!) {
    importProgress(sheetId: $sheetId) { state read checked written }
  }
`);

interface Props {
  sheetId: string;
  /** As the preview counted them; unknown after a reload until the import tells. */
  rows: number | undefined;
  stuck: boolean;
  onGoOn: () => void;
}

/** How far the import is: each row is checked, then written. */
export function Running({ sheetId, rows, stuck, onGoOn }: Props) {
  const { t } = useTranslation(["import", "common"]);
  const { number } = useFormat();
  const [{ data }] = useSubscription({ query: ImportProgressLive, variables: { sheetId } });
  const told = data?.importProgress;
  const running = told?.state === "RUNNING" || told?.state === "DONE" ? told : undefined;
  const { read = 0, checked = 0, written = 0 } = running ?? {};
  const all = rows ?? read;
  const step = written > 0 ? "writing" : checked > 0 ? "checking" : "starting";
  const done = number(written || checked);
  return (
    <Card title={t("running")} more={t("runningMore")}>
      <Progress
        size="lg"
        animated
        value={all > 0 ? (50 * (checked + written)) / all : 0}
        aria-label={t("running")}
      />
      <Text size="sm" className="sea-number">
        {t(`step.${step}`, { done, rows: number(all) })}
      </Text>
      {stuck && (
        <Group role="alert" gap="sm">
          <Text size="sm">{t("stuck")}</Text>
          <Button size="xs" variant="light" onClick={onGoOn}>
            {t("common:again")}
          </Button>
        </Group>
      )}
    </Card>
  );
}
