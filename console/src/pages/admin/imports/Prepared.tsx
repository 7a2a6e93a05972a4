import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Card } from "../../../components/Card";
import { EmptyState } from "../../../components/EmptyState";
import { ErrorState } from "../../../components/ErrorState";
import { LoadingList } from "../../../components/LoadingList";
import { refusalOf } from "../../../graphql/useCommand";
import { useFormat } from "../../../i18n/format";
import { Choices } from "./Choices";
import { Columns } from "./Columns";
import type { ImportDraft, Sheet } from "./draft";
import { Outlook } from "./Outlook";
import { Problems } from "./Problems";
import { Running } from "./Running";
import { useImport } from "./useImport";
import { type Preview, useImportPreview } from "./useImportPreview";

interface Props {
  sheet: Sheet;
  draft: ImportDraft;
  change: (changed: Partial<ImportDraft>) => void;
  onAnother: () => void;
}

/** An uploaded file: how it was read, what an import would do, and the import. */
export function Prepared({ sheet, draft, change, onAnother }: Props) {
  const { preview, current, error, retry } = useImportPreview({ ...draft, sheetId: sheet.id });
  const { t } = useTranslation("import");
  const { send, going, stuck, goOn, refusal, forget } = useImport(sheet, draft, change);
  const choose = (changed: Partial<ImportDraft>) => {
    forget();
    change(changed);
  };
  const wrong = (refusal ?? refusalOf(error))?.problems;
  const gone = error?.graphQLErrors.some(({ extensions }) => extensions.code === "NotFound");
  const running = <Running sheetId={sheet.id} rows={preview?.rows} stuck={stuck} onGoOn={goOn} />;
  return (
    <>
      <FileCard sheet={sheet} preview={preview} onAnother={going ? undefined : onAnother} />
      {gone && <EmptyState title={t("gone")}>{t("goneMore")}</EmptyState>}
      {error && !wrong && !gone && <ErrorState error={error} onRetry={retry} />}
      {going && !preview && running}
      {!error && !preview && <LoadingList rows={3} height={120} />}
      {preview && !gone && (
        <>
          <fieldset className="import-choices" disabled={going}>
            <Columns
              preview={preview}
              mapping={draft.mapping ?? preview.mapping}
              onChange={(mapping) => choose({ mapping })}
            />
            <Choices mode={draft.mode} onExisting={draft.onExisting} onChange={choose} />
          </fieldset>
          {going ? (
            running
          ) : (
            <Outlook
              preview={preview}
              current={current}
              looking={!current && !error}
              mode={draft.mode}
              onSend={send}
            />
          )}
        </>
      )}
      <Problems
        problems={wrong ?? preview?.problems ?? []}
        unlisted={wrong ? 0 : (preview?.unlistedProblems ?? 0)}
        refused={refusal?.message}
      />
    </>
  );
}

interface FileProps {
  sheet: Sheet;
  preview: Preview | undefined;
  onAnother: (() => void) | undefined;
}

function FileCard({ sheet, preview, onAnother }: FileProps) {
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
      {preview && (
        <Group gap="4px 16px">
          <Text size="sm">
            {preview.kind === "XLSX"
              ? t("readXlsx")
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
