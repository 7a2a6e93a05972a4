import { useEffect, useRef, useState } from "react";
import { graphql } from "../../../gql";
import { useWhenBack } from "../../../graphql/connection";
import { newKey, type RefusalLike, useCommand } from "../../../graphql/useCommand";
import type { ImportDraft, Sheet } from "./draft";

const ImportSheet = graphql(`
  mutation ImportSheet(
    $poolId: ID!, $sheetId: ID!, $worksheet: String, $mapping: [SheetField], $mode: ImportMode!,
    $onExisting: OnExisting!, $idempotencyKey: String
  ) {
    importSheet(
      poolId: $poolId, sheetId: $sheetId, worksheet: $worksheet, mapping: $mapping, mode: $mode,
      onExisting: $onExisting, idempotencyKey: $idempotencyKey
    ) {
      ... on SheetImported { created updated refused badRows }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

/** An import that was sent goes on after a lost connection and a reload, and counts once. */
export function useImport(
  sheet: Sheet,
  draft: ImportDraft,
  change: (changed: Partial<ImportDraft>) => void,
) {
  const { poolId, worksheet, mapping, mode, onExisting } = draft;
  const { run, busy } = useCommand(ImportSheet, { showsRefusals: true });
  const [refusal, setRefusal] = useState<RefusalLike | null>(null);
  const latest = useRef(change);
  latest.current = change;

  const send = async (key: string) => {
    setRefusal(null);
    latest.current({ key });
    const order = { poolId, sheetId: sheet.id, worksheet, mapping, mode, onExisting };
    const outcome = await run(order, key);
    if (outcome.kind === "failed" && outcome.lost) return;
    if (outcome.kind === "done") {
      const { created, updated, refused, badRows } = outcome.value;
      latest.current({ key: null, text: "", result: { created, updated, refused, badRows } });
    } else {
      latest.current({ key: null });
      if (outcome.kind === "refused") setRefusal(outcome.refusal);
    }
  };
  const goOn = () => {
    if (draft.key && !busy) void send(draft.key);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, after a reload amid an import
  useEffect(goOn, []);
  useWhenBack(goOn);
  return {
    send: () => void send(newKey()),
    /** Sent, and no answer is here. */
    going: draft.key !== null,
    /** Nothing is under way: the connection was lost for long. */
    stuck: draft.key !== null && !busy,
    goOn,
    refusal,
    forget: () => setRefusal(null),
  };
}
