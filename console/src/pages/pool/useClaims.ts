// Claim one customer or a selection; each refusal is kept for its row.
import { notifications } from "@mantine/notifications";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { graphql } from "../../gql";
import type { PoolRowFragment } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";
import type { ClaimRefusal } from "./claimState";

const ClaimOne = graphql(`
  mutation ClaimOne($customerId: ID!, $idempotencyKey: String) {
    claimCustomer(customerId: $customerId, idempotencyKey: $idempotencyKey) { ...ClaimAnswer }
  }
`);

const ClaimMany = graphql(`
  mutation ClaimMany($customerIds: [ID!]!, $idempotencyKey: String) {
    claimCustomers(customerIds: $customerIds, idempotencyKey: $idempotencyKey) { ...ClaimAnswer }
  }
`);

export const ClaimAnswer = graphql(`
  fragment ClaimAnswer on ClaimResult {
    __typename
    ... on Claimed {
      customer { id contact { person phone email masked } holding { since release { at } } }
    }
    ... on Refusal { message }
    ... on CapacityReached { held capacity }
    ... on DailyLimitReached { limit resetsAt }
    ... on CoolingDown { until }
    ... on NotYetOpen { opensAt }
  }
`);

export type Refusals = ReadonlyMap<string, ClaimRefusal>;

export function useClaims(leave: (ids: string[]) => void) {
  const { t } = useTranslation("pool");
  const one = useCommand(ClaimOne, { showsRefusals: true });
  const many = useCommand(ClaimMany, { showsRefusals: true });
  const [refusals, setRefusals] = useState<Refusals>(new Map());
  const [claiming, setClaiming] = useState<string>();

  const keep = useCallback(
    (answered: string[], refused: [string, ClaimRefusal][]) =>
      setRefusals((all) => {
        const rest = [...all].filter(([id]) => !answered.includes(id));
        return new Map([...rest, ...refused]);
      }),
    [],
  );

  /** True where it was claimed. */
  async function claim({ id, name }: PoolRowFragment): Promise<boolean> {
    setClaiming(id);
    const outcome = await one.run({ customerId: id });
    setClaiming(undefined);
    if (outcome.kind === "failed") return false;
    if (outcome.kind === "refused") {
      keep([id], [[id, outcome.refusal as ClaimRefusal]]);
      return false;
    }
    leave([id]);
    notifications.show({ color: "teal", title: t("claimed"), message: name });
    return true;
  }

  /** True where the API answered: each customer was claimed or refused. */
  async function claimAll(ids: string[]): Promise<boolean> {
    const outcome = await many.run({ customerIds: ids });
    if (outcome.kind !== "done") return false;
    const refused: [string, ClaimRefusal][] = [];
    const claimed: string[] = [];
    outcome.value.forEach((answer, index) => {
      const id = ids[index];
      if (id === undefined) return;
      if (answer.__typename === "Claimed") claimed.push(id);
      else refused.push([id, answer]);
    });
    keep(ids, refused);
    leave(claimed);
    const message = [
      t("claimedMany", { count: claimed.length }),
      refused.length > 0 && t("refusedMany", { count: refused.length }),
    ];
    notifications.show({
      color: refused.length > 0 ? "orange" : "teal",
      message: message.filter(Boolean).join(" "),
    });
    return true;
  }
  return { claim, claimAll, claiming, busy: many.busy, refusals };
}
