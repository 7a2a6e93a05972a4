import { useMe } from "../../../app/me";
import type { ImportMode, OnExisting, SheetField } from "../../../gql/graphql";
import { useDraft } from "../../../graphql/useDraft";

/** An uploaded file: the API keeps it for a day. */
export interface Sheet {
  id: string;
  name: string;
  bytes: number;
  worksheets: string[];
}

export type Mapping = (SheetField | null)[];

/** How many rows made a customer, changed one, or did neither. */
export interface Result {
  created: number;
  updated: number;
  refused: number;
  /** The id of the sheet of the refused rows. */
  badRows?: string | null | undefined;
}

export interface ImportDraft {
  poolId: string;
  /** Pasted, and not sent. */
  text: string;
  sheet: Sheet | null;
  /** Null as long as the API chooses. */
  worksheet: string | null;
  /** Null as long as the API's guess stands. */
  mapping: Mapping | null;
  mode: ImportMode;
  onExisting: OnExisting;
  /** The key of an import that was sent, until its answer is here. */
  key: string | null;
  result: Result | null;
}

const EMPTY: ImportDraft = {
  poolId: "",
  text: "",
  sheet: null,
  worksheet: null,
  mapping: null,
  mode: "ALL_OR_NOTHING",
  onExisting: "REFUSE",
  key: null,
  result: null,
};

/** What was chosen so far outlives a reload and a lost connection, for this member. */
export function useImportDraft() {
  const { viewer, administered } = useMe();
  const [kept, setDraft] = useDraft(`import.${viewer.id}`, EMPTY);
  const known = administered.some(({ id }) => id === kept.poolId);
  const draft = known ? kept : { ...kept, poolId: administered[0]?.id ?? "" };
  const change = (changed: Partial<ImportDraft>) => setDraft((all) => ({ ...all, ...changed }));
  /** Another file, into the same pool in the same way. */
  const restart = () =>
    change({ sheet: null, worksheet: null, mapping: null, key: null, result: null });
  return { draft, change, restart };
}
