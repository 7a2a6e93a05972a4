import { notifications } from "@mantine/notifications";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { graphql } from "../../../gql";
import { isRefusal, useCommand } from "../../../graphql/useCommand";

const MoveCustomers = graphql(`
  mutation MoveCustomers($customerIds: [ID!]!, $poolId: ID!) {
    moveCustomers(customerIds: $customerIds, poolId: $poolId) {
      ... on Moved {
        count
        results { customerId moved refusal { message } }
      }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const AssignMany = graphql(`
  mutation AssignMany($customerIds: [ID!]!, $memberId: ID!, $idempotencyKey: String) {
    assignCustomers(
      customerIds: $customerIds, memberId: $memberId, idempotencyKey: $idempotencyKey
    ) {
      ... on Claimed { customer { id owner { id name } } }
      ... on Refusal { message }
    }
  }
`);

export type Bulk = ReturnType<typeof useBulk>;

/** The selection, what is done with it, and why some were refused. */
export function useBulk(refresh: () => void) {
  const { t } = useTranslation("admin");
  const [selected, setSelected] = useState<string[]>([]);
  const [refusals, setRefusals] = useState<Record<string, string>>({});
  const mover = useCommand(MoveCustomers);
  const assigner = useCommand(AssignMany);

  const finish = (refused: Record<string, string>, done: string) => {
    setRefusals(refused);
    setSelected(Object.keys(refused));
    const count = Object.keys(refused).length;
    const message = count > 0 ? `${done} ${t("bulk.refused", { count })}` : done;
    notifications.show({ color: count > 0 ? "orange" : "teal", message });
    refresh();
  };
  const move = async (poolId: string) => {
    const outcome = await mover.run({ customerIds: selected, poolId });
    if (outcome.kind !== "done") return;
    const refused = outcome.value.results.flatMap(({ customerId, refusal }) =>
      refusal ? [[customerId, refusal.message]] : [],
    );
    finish(Object.fromEntries(refused), t("bulk.moved", { count: outcome.value.count }));
  };
  const assign = async (memberId: string, name: string) => {
    const outcome = await assigner.run({ customerIds: selected, memberId });
    if (outcome.kind !== "done") return;
    const refused = outcome.value.flatMap((answer, index) =>
      isRefusal(answer) ? [[selected[index], answer.message]] : [],
    );
    const count = outcome.value.length - refused.length;
    finish(Object.fromEntries(refused), t("bulk.assigned", { count, name }));
  };
  const toggle = useCallback((id: string) => {
    setSelected((all) => (all.includes(id) ? all.filter((each) => each !== id) : [...all, id]));
  }, []);
  const clear = useCallback(() => {
    setSelected([]);
    setRefusals({});
  }, []);
  const busy = mover.busy || assigner.busy;
  return { selected, refusals, busy, move, assign, toggle, clear, select: setSelected };
}
