import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { graphql } from "../../gql";
import type { HeldRowFragment } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";
import type { Action } from "./actions";
import { usePoolRules } from "./poolRules";

const Lock = graphql(`
  mutation LockCustomer($customerId: ID!) {
    lockCustomer(customerId: $customerId) {
      ... on Held { customer { ...HeldRow } }
      ... on Refusal { message }
    }
  }
`);

const Unlock = graphql(`
  mutation UnlockCustomer($customerId: ID!) {
    unlockCustomer(customerId: $customerId) {
      ... on Held { customer { ...HeldRow } }
      ... on Refusal { message }
    }
  }
`);

interface Props {
  customer: HeldRowFragment;
  action: Action | null;
  onAction: (action: Action | null) => void;
}

/** What the pool's rules never allow is not offered. */
export function CardButtons({ customer, action, onAction }: Props) {
  const { t } = useTranslation("customers");
  const rules = usePoolRules(customer.pool.id);
  const lock = useCommand(Lock, { done: () => t("lockedNow", { name: customer.name }) });
  const unlock = useCommand(Unlock, { done: () => t("unlockedNow", { name: customer.name }) });
  const locked = customer.holding?.locked ?? false;
  const toggled = locked ? unlock : lock;
  const offered: Action[] = ["followUp", "deal", "giveBack"];
  if (rules?.extensionLimit !== null) offered.push("extension");
  return (
    <Group gap={6} className="customer-buttons">
      {offered.map((each) => (
        <Button
          key={each}
          variant={each === "followUp" ? "filled" : "default"}
          aria-expanded={action === each}
          onClick={() => onAction(action === each ? null : each)}
        >
          {t(`do.${each}`)}
        </Button>
      ))}
      {(locked || rules?.lockLimit !== 0) && (
        <Button
          variant="default"
          loading={toggled.busy}
          onClick={() => toggled.run({ customerId: customer.id })}
        >
          {locked ? t("do.unlock") : t("do.lock")}
        </Button>
      )}
    </Group>
  );
}
