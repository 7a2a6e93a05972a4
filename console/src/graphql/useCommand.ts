// Every mutation goes through here: one key for all attempts, refusals as words, nothing lost.
import { notifications } from "@mantine/notifications";
import { type DocumentNode, Kind } from "graphql";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type AnyVariables, type CombinedError, type TypedDocumentNode, useClient } from "urql";
import { possibleTypes } from "../gql/possibleTypes";
import { isPassing } from "./client";

type RefusalName = (typeof possibleTypes.Refusal)[number];

export interface RefusalLike {
  __typename: RefusalName;
  message: string;
  problems?: { path: string; message: string }[];
}

type Root<Data> = NonNullable<Data[keyof Data]>;
export type Done<Data> = Exclude<Root<Data>, { __typename: RefusalName }>;
export type Outcome<Data> =
  | { kind: "done"; value: Done<Data> }
  | { kind: "refused"; refusal: Extract<Root<Data>, { __typename: RefusalName }> & RefusalLike }
  | { kind: "failed"; message: string; lost: boolean };

export interface CommandOptions<Data> {
  /** The notification after success; none where it is left out. */
  done?: (value: Done<Data>) => string;
  /** True: the caller shows refusals itself, e.g. at the fields of a form. */
  showsRefusals?: boolean;
}

export function isRefusal(value: unknown): value is RefusalLike {
  const name = (value as { __typename?: string } | null)?.__typename;
  return possibleTypes.Refusal.some((each) => each === name);
}

/** InvalidInput's problems by field: `customer.phone` → `phone` where `prefix` is `customer.`. */
export function fieldErrors(refusal: RefusalLike, prefix = ""): Record<string, string> {
  const problems = refusal.problems ?? [];
  return Object.fromEntries(
    problems.map(({ path, message }) => [
      path.startsWith(prefix) ? path.slice(prefix.length) : path,
      message,
    ]),
  );
}

/** Not randomUUID: browsers lack it where a company serves Seapool by plain HTTP. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function rootOf(data: object): unknown {
  return Object.values(data).find((each) => typeof each === "object");
}

/** A value that no type of the API accepts is an error in the answer: the same as InvalidInput. */
export function refusalOf(error: CombinedError | undefined): RefusalLike | undefined {
  const first = error?.graphQLErrors[0];
  if (first?.extensions.code !== "InvalidInput") return undefined;
  const problems = first.extensions.problems as RefusalLike["problems"];
  return { __typename: "InvalidInput", message: first.message, problems: problems ?? [] };
}

export function showRefusal({ problems, message }: RefusalLike): void {
  const words = problems?.map((problem) => problem.message).join(" ") || message;
  notifications.show({ color: "orange", message: words });
}

function takesKey(document: DocumentNode): boolean {
  return document.definitions.some(
    (each) =>
      each.kind === Kind.OPERATION_DEFINITION &&
      each.variableDefinitions?.some(({ variable }) => variable.name.value === "idempotencyKey"),
  );
}

/** `run` makes a key for each request, unless the caller keeps one over a reload of the page. */
export function useCommand<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  options: CommandOptions<Data> = {},
) {
  const client = useClient();
  const { t } = useTranslation("common");
  const [busy, setBusy] = useState(false);
  const key = useRef<{ of: string; key: string } | null>(null);
  const latest = useRef(options);
  latest.current = options;

  const run = useCallback(
    async (
      variables: Omit<Variables, "idempotencyKey">,
      keptKey?: string,
    ): Promise<Outcome<Data>> => {
      const of = JSON.stringify(variables);
      if (key.current?.of !== of || keptKey) key.current = { of, key: keptKey ?? newKey() };
      setBusy(true);
      const withKey = (
        takesKey(document) ? { ...variables, idempotencyKey: key.current.key } : variables
      ) as Variables;
      const { data, error } = await client.mutation(document, withKey).toPromise();
      setBusy(false);
      const { done, showsRefusals } = latest.current;
      const value = data ? rootOf(data) : refusalOf(error);
      if (!isRefusal(value) && (error || !data)) {
        const lost = error !== undefined && isPassing(error);
        if (!lost) key.current = null;
        const message = lost ? t("lost") : (error?.graphQLErrors[0]?.message ?? t("failed"));
        notifications.show({ color: "red", title: t("notDone"), message });
        return { kind: "failed", message, lost };
      }
      key.current = null;
      if (isRefusal(value)) {
        if (!showsRefusals) showRefusal(value);
        return { kind: "refused", refusal: value } as Outcome<Data>;
      }
      const words = done?.(value as Done<Data>);
      if (words) notifications.show({ color: "teal", message: words });
      return { kind: "done", value: value as Done<Data> };
    },
    [client, document, t],
  );
  return { run, busy };
}
