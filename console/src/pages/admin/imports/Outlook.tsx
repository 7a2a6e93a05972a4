import { Button, Group, SimpleGrid, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Card } from "../../../components/Card";
import type { ImportMode } from "../../../gql/graphql";
import { useFormat } from "../../../i18n/format";
import type { Preview } from "./useImportPreview";

const FIGURES = ["created", "updated", "refused"] as const;

interface Props {
  preview: Preview;
  /** False while the figures are of other choices than those on the screen. */
  current: boolean;
  looking: boolean;
  mode: ImportMode;
  onSend: () => void;
}

/** How many rows would make a customer, change one or do neither; then the import. */
export function Outlook({ preview, current, looking, mode, onSend }: Props) {
  const { t } = useTranslation("import");
  const { number } = useFormat();
  const { created, updated, refused } = preview;
  const good = created + updated;
  const spoilt = mode === "ALL_OR_NOTHING" && good > 0 && refused > 0;
  return (
    <Card title={t("outlook")} more={t("outlookMore")}>
      <SimpleGrid cols={{ base: 3, sm: 3 }} spacing="sm" component="dl" m={0} maw={560}>
        {FIGURES.map((name) => (
          <div key={name} className="sea-tile">
            <dt>{t(`figure.${name}`)}</dt>
            <dd className="sea-number">{number(preview[name])}</dd>
          </div>
        ))}
      </SimpleGrid>
      <Group gap="sm">
        <Button loading={looking} disabled={!current || good === 0 || spoilt} onClick={onSend}>
          {t("send", { count: good })}
        </Button>
        {spoilt && (
          <Text size="sm" c="var(--sea-soon)" flex="1 1 240px">
            {t("spoilt", { count: refused })}
          </Text>
        )}
      </Group>
    </Card>
  );
}
