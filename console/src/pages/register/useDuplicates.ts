// Duplicates while typing. Look-ups are limited: only complete keys, only when they changed.
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useMemo, useRef, useState } from "react";
import { type CombinedError, useClient } from "urql";
import { graphql } from "../../gql";
import type { CustomerInput, FoundDuplicateFragment } from "../../gql/graphql";
import { serverNow } from "../../graphql/clock";
import { type Draft, type Field, keysOf } from "./draft";

export const FoundDuplicate = graphql(`
  fragment FoundDuplicate on Duplicate {
    matchedOn
    formerly
    standing
    refuses
    customer { id name }
  }
`);

const Duplicates = graphql(`
  query Duplicates($customer: CustomerInput!) {
    duplicates(customer: $customer) { ...FoundDuplicate }
  }
`);

const SETTLED_MS = 900;

export type Answer =
  | { kind: "found"; duplicates: FoundDuplicateFragment[] }
  | { kind: "limited"; message: string; resetsAt: string | null }
  | { kind: "wrong"; problems: { path: string; message: string }[] }
  | { kind: "failed"; error: CombinedError };

export type LookUp = { kind: "waiting" } | { kind: "looking" } | Answer;

export function useDuplicates(draft: Draft, typing: Field | null): LookUp {
  const client = useClient();
  const keys = keysOf(draft, typing);
  const [settled] = useDebouncedValue(keys ? JSON.stringify(keys) : "", SETTLED_MS);
  const known = useRef(new Map<string, Answer>());
  const limit = useRef<Answer & { kind: "limited" }>(undefined);
  const [answer, setAnswer] = useState<{ to: string; answer: Answer }>();

  useEffect(() => {
    if (!settled) return;
    const before = known.current.get(settled) ?? stillLimited(limit.current);
    if (before) return setAnswer({ to: settled, answer: before });
    let left = false;
    const customer: CustomerInput = JSON.parse(settled);
    const options = { requestPolicy: "network-only" } as const;
    client
      .query(Duplicates, { customer }, options)
      .toPromise()
      .then(({ data, error }) => {
        const given = answerOf(data?.duplicates, error);
        if (given.kind === "limited") limit.current = given;
        else if (given.kind !== "failed") known.current.set(settled, given);
        if (!left) setAnswer({ to: settled, answer: given });
      });
    return () => {
      left = true;
    };
  }, [client, settled]);

  return useMemo(() => {
    if (!settled) return { kind: "waiting" };
    return answer?.to === settled ? answer.answer : { kind: "looking" };
  }, [settled, answer]);
}

function stillLimited(limit: (Answer & { kind: "limited" }) | undefined): Answer | undefined {
  return limit?.resetsAt && Date.parse(limit.resetsAt) > serverNow() ? limit : undefined;
}

function answerOf(
  duplicates: FoundDuplicateFragment[] | undefined,
  error: CombinedError | undefined,
): Answer {
  if (duplicates) return { kind: "found", duplicates };
  const first = error?.graphQLErrors[0];
  const { code, resetsAt, problems } = (first?.extensions ?? {}) as Record<string, never>;
  if (first && code === "TOO_MANY_LOOKUPS") {
    return { kind: "limited", message: first.message, resetsAt: resetsAt ?? null };
  }
  if (code === "InvalidInput") return { kind: "wrong", problems: problems ?? [] };
  return { kind: "failed", error: error as CombinedError };
}
