// What the rules on the screen would do, asked anew a moment after each change.
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";
import { type CombinedError, createRequest, useQuery } from "urql";
import { graphql } from "../../gql";
import type { RulesInput, RulesPreviewQuery } from "../../gql/graphql";

const Preview = graphql(`
  query RulesPreview($poolId: ID!, $rules: RulesInput!) {
    previewRules(poolId: $poolId, rules: $rules) {
      at held releasedAtOnce earlier later unchanged
      releasedWithin { within today proposed }
      overCapacity { held capacity member { id name } }
      examples(first: 20) { today proposed customer { id name owner { id name } } }
    }
  }
`);

const PAUSE = 400;

export type PreviewValue = RulesPreviewQuery["previewRules"];
export interface Problem {
  path: string;
  message: string;
}
export interface Previewed {
  /** The last one that worked; `current` says whether it is of the values on the screen. */
  preview: PreviewValue | undefined;
  current: boolean;
  problems: Problem[];
  /** Anything but wrong values. */
  error: CombinedError | undefined;
  retry: () => void;
}

export function usePreview(poolId: string, rules: RulesInput, complete: boolean): Previewed {
  const text = JSON.stringify(rules);
  const [settled] = useDebouncedValue(text, PAUSE);
  const variables = useMemo(
    () => ({ poolId, rules: JSON.parse(settled) as RulesInput }),
    [poolId, settled],
  );
  const [{ data, error, fetching, stale, operation }, again] = useQuery({
    query: Preview,
    variables,
    requestPolicy: "network-only",
    pause: !complete,
  });
  const [last, setLast] = useState<PreviewValue>();
  const key = useMemo(() => createRequest(Preview, variables).key, [variables]);
  const answered = !fetching && !stale && operation?.key === key;
  useEffect(() => {
    if (answered && data && !error) setLast(data.previewRules);
  }, [answered, data, error]);
  const problems = useMemo(() => (answered ? problemsOf(error) : []), [answered, error]);
  return {
    preview: last,
    current: complete && answered && text === settled,
    problems,
    error: answered && problems.length === 0 ? error : undefined,
    retry: () => again({ requestPolicy: "network-only" }),
  };
}

/** The wrong values that a query's InvalidInput names. */
export function problemsOf(error: CombinedError | undefined): Problem[] {
  const found = error?.graphQLErrors.flatMap((each) => each.extensions.problems ?? []);
  return (found ?? []) as Problem[];
}
