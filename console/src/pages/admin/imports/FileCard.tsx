import { Button, Group, NativeSelect, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Card } from "../../../components/Card";
import { useFormat } from "../../../i18n/format";
import type { Sheet } from "./draft";
import type { Preview } from "./useImportPreview";

interface Props {
  sheet: Sheet;
  preview: Preview | undefined;
  /** The worksheet that is read of a workbook. */
  worksheet: string | null | undefined;
  onWorksheet: (name: string) => void;
  /** Undefined while an import is under way. */
  onAnother: (() => void) | undefined;
}

/** An uploaded file, how it was read, and which sheet of a workbook. */
export function FileCard({ sheet, preview, worksheet, onWorksheet, onAnother }: Props) {
  const { t } = useTranslation("import");
  const { fileSize } = useFormat();
  return (
    <Card
      title={sheet.name}
      more={fileSize(sheet.bytes)}
      aside={
        onAnother && (
          <Button variant="default" size="xs" onClick={onAnother}>
            {t("another")}
          </Button>
        )
      }
    >
      {sheet.worksheets.length > 1 && (
        <NativeSelect
          maw={320}
          label={t("worksheet")}
          description={t("worksheetMore")}
          disabled={!onAnother}
          value={worksheet ?? ""}
          onChange={(event) => onWorksheet(event.currentTarget.value)}
          data={sheet.worksheets}
        />
      )}
      {preview && (
        <Group gap="4px 16px">
          <Text size="sm">
            {preview.kind === "XLSX"
              ? t("readXlsx", { name: preview.worksheet })
              : t("readText", {
                  encoding: t(`encoding.${preview.encoding}`),
                  cells: t(`delimiter.${preview.delimiter}`),
                })}
          </Text>
          <Text size="sm" className="sea-number">
            {t("rows", { count: preview.rows })}
          </Text>
        </Group>
      )}
    </Card>
  );
}
