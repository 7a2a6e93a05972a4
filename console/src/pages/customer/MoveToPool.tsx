import { NativeSelect, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { graphql } from "../../gql";
import { useCommand } from "../../graphql/useCommand";
import type { DialogProps } from "./Manage";

const MoveCustomer = graphql(`
  mutation MoveCustomer($customerIds: [ID!]!, $poolId: ID!) {
    moveCustomers(customerIds: $customerIds, poolId: $poolId, allOrNothing: true) {
      ... on Moved { count }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

export function MoveToPool({ customer, onClose, refresh }: DialogProps) {
  const { t } = useTranslation("customer");
  const pools = useMe().administered.filter(({ id }) => id !== customer.pool.id);
  const [poolId, setPoolId] = useState(pools[0]?.id ?? "");
  const pool = pools.find(({ id }) => id === poolId)?.name;
  const { run, busy } = useCommand(MoveCustomer, {
    done: () => t("moveDone", { name: customer.name, pool }),
  });
  const move = async () => {
    await run({ customerIds: [customer.id], poolId });
    refresh();
    onClose();
  };
  return (
    <ConfirmDialog
      opened
      title={t("moveTitle", { name: customer.name })}
      confirm={t("verb.moveNow")}
      busy={busy}
      disabled={!poolId}
      onConfirm={() => void move()}
      onClose={onClose}
    >
      <Text size="sm">{t("moveMore")}</Text>
      <NativeSelect
        label={t("toPool")}
        value={poolId}
        onChange={(event) => setPoolId(event.currentTarget.value)}
        data={pools.map(({ id, name }) => ({ value: id, label: name }))}
      />
    </ConfirmDialog>
  );
}
