// What the import would do, asked again a moment after each choice.
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";
import { type CombinedError, createRequest, useQuery } from "urql";
import { graphql } from "../../../gql";
import type { OnExisting, PreviewImportQuery } from "../../../gql/graphql";
import { useWhenBack } from "../../../graphql/connection";
import type { Mapping } from "./draft";

const PreviewImport = graphql(`
  query PreviewImport(
    $poolId: ID!, $sheetId: ID!, $worksheet: String, $mapping: [SheetField],
    $onExisting: OnExisting!
  ) {
    previewImport(
      poolId: $poolId, sheetId: $sheetId, worksheet: $worksheet, mapping: $mapping,
      onExisting: $onExisting
    ) {
      kind encoding worksheet delimiter header mapping firstRows
      rows created updated refused
      problems { path message }
      unlistedProblems
    }
  }
`);

const PAUSE = 250;

export type Preview = PreviewImportQuery["previewImport"];

interface Order {
  poolId: string;
  sheetId: string;
  worksheet: string | null;
  mapping: Mapping | null;
  onExisting: OnExisting;
}

/** The last preview; `current` says whether it is of the choices on the screen. */
export function useImportPreview({ poolId, sheetId, worksheet, mapping, onExisting }: Order) {
  const text = JSON.stringify({ poolId, sheetId, worksheet, mapping, onExisting });
  const [settled] = useDebouncedValue(text, PAUSE);
  const variables = useMemo(() => JSON.parse(settled) as Order, [settled]);
  const [{ data, error, fetching, stale, operation }, again] = useQuery({
    query: PreviewImport,
    variables,
    requestPolicy: "network-only",
  });
  const [last, setLast] = useState<Preview>();
  const key = useMemo(() => createRequest(PreviewImport, variables).key, [variables]);
  const answered = !fetching && !stale && operation?.key === key;
  useEffect(() => {
    if (answered && data && !error) setLast(data.previewImport);
  }, [answered, data, error]);
  const retry = () => again({ requestPolicy: "network-only" });
  useWhenBack(retry);
  const failed: CombinedError | undefined = answered ? error : undefined;
  return {
    preview: last,
    current: answered && !error && text === settled && last === data?.previewImport,
    error: failed,
    retry,
  };
}
