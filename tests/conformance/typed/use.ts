// What an application does with the generated types; `tsc` must allow it, and nothing else.
import { graphql, useFragment } from "./gql";
import {
  type ChangeRulesMutationVariables,
  type ClaimMutation,
  type DealMutationVariables,
  type LifeQuery,
  type PoolQuery,
  RowFragmentDoc,
} from "./gql/graphql";

export function words(answer: ClaimMutation["claimCustomer"]): string {
  switch (answer.__typename) {
    case "Claimed":
      return answer.customer.holding?.release?.at ?? "no deadline";
    case "CapacityReached":
      return `${answer.held - answer.capacity}: ${answer.message}`;
    case "CoolingDown":
      return answer.until.slice(0, 10);
    case "AlreadyHeld":
    case "DailyLimitReached":
    case "NotYetOpen":
    case "Forbidden":
    case "NotFound":
      return answer.message;
    default:
      return answer satisfies never;
  }
}

export function wrong(answer: ClaimMutation["claimCustomer"]): unknown[] {
  return [
    // @ts-expect-error A refusal has no customer.
    answer.customer,
    // @ts-expect-error There is no such type in the union.
    answer.__typename === "Taken",
  ];
}

export function names(data: PoolQuery): string[] {
  const rows = data.pool?.customers.nodes ?? [];
  return rows.map((row) => useFragment(RowFragmentDoc, row).owner?.name ?? "free");
}

export function actors(data: LifeQuery): (string | undefined)[] {
  if (data.node?.__typename !== "Customer") return [];
  return data.node.history.nodes.map((event) => event.actor?.name);
}

export const rules: ChangeRulesMutationVariables = {
  pool: "Pool_1",
  rules: { capacity: 10, firstFollowUpWithin: "P3D", levels: [{ level: "A", dealWithin: "P90D" }] },
};

// @ts-expect-error An amount is a decimal number as a string.
export const deal: DealMutationVariables = { customer: "Customer_1", amount: 1280.5 };

// @ts-expect-error The document has no such field: its type is unknown.
export const unknown: { data: string } = graphql("query Q { nobody }");
