import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { graphql } from "../../gql";
import type { CustomerFactsFragment } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";

const ClaimFromPage = graphql(`
  mutation ClaimFromPage($customerId: ID!, $idempotencyKey: String) {
    claimCustomer(customerId: $customerId, idempotencyKey: $idempotencyKey) {
      ... on Claimed { customer { ...CustomerFacts } }
      ... on Refusal { message }
    }
  }
`);

/** Only where the viewer may claim it now; else the holding's card says why not. */
export function ClaimButton({ customer }: { customer: CustomerFactsFragment }) {
  const { t } = useTranslation("customer");
  const { run, busy } = useCommand(ClaimFromPage, {
    done: () => t("claimed", { name: customer.name }),
  });
  if (customer.claimable.__typename !== "Claimable") return null;
  return (
    <Button loading={busy} onClick={() => run({ customerId: customer.id })}>
      {t("claim")}
    </Button>
  );
}
