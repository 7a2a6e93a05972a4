import { useTranslation } from "react-i18next";
import { EmptyState } from "../../../components/EmptyState";
import { ErrorState } from "../../../components/ErrorState";
import { LoadingList } from "../../../components/LoadingList";
import { refusalOf } from "../../../graphql/useCommand";
import { Choices } from "./Choices";
import { Columns } from "./Columns";
import type { ImportDraft, Sheet } from "./draft";
import { FileCard } from "./FileCard";
import { Outlook } from "./Outlook";
import { Problems } from "./Problems";
import { Running } from "./Running";
import { useImport } from "./useImport";
import { useImportPreview } from "./useImportPreview";

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
      <FileCard
        sheet={sheet}
        preview={preview}
        worksheet={draft.worksheet ?? preview?.worksheet}
        onWorksheet={(worksheet) => choose({ worksheet, mapping: null })}
        onAnother={going ? undefined : onAnother}
      />
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
