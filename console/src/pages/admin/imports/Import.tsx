import { NativeSelect, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../app/me";
import { EmptyState } from "../../../components/EmptyState";
import { useImportDraft } from "./draft";
import "./imports.css";
import { Prepared } from "./Prepared";
import { ResultCard } from "./ResultCard";
import { Source } from "./Source";

/** A file or a pasted text, a look at what it would do, the import, and what became of it. */
export default function Import() {
  const { t } = useTranslation("import");
  const { administered } = useMe();
  const { draft, change, restart } = useImportDraft();
  const { poolId, sheet, result } = draft;
  if (!poolId) return <EmptyState title={t("noPool")}>{t("noPoolMore")}</EmptyState>;
  const pool = administered.find(({ id }) => id === poolId);
  if (result) return <ResultCard result={result} sheet={sheet} pool={pool} onAnother={restart} />;
  return (
    <Stack>
      <NativeSelect
        maw={320}
        label={t("pool")}
        disabled={draft.key !== null}
        value={poolId}
        onChange={(event) => change({ poolId: event.currentTarget.value })}
        data={administered.map(({ id, name }) => ({ value: id, label: name }))}
      />
      {sheet ? (
        <Prepared sheet={sheet} draft={draft} change={change} onAnother={restart} />
      ) : (
        <Source
          text={draft.text}
          onText={(text) => change({ text })}
          onSheet={(sent) => change({ sheet: sent })}
        />
      )}
    </Stack>
  );
}
