import { useTranslation } from "react-i18next";
import { Card } from "../../components/Card";
import { MoreList } from "../../components/MoreList";
import { graphql } from "../../gql";
import type { UnconfirmedDealsQuery } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";
import { usePages } from "../../graphql/usePages";
import { useFormat } from "../../i18n/format";
import { Waiting } from "./Waiting";

const UnconfirmedDeals = graphql(`
  query UnconfirmedDeals($poolId: ID!, $after: Cursor) {
    pool(id: $poolId) {
      id
      unconfirmedDeals(first: 20, after: $after) {
        nodes { id name owner { id name } holding { dealReportedAt } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

const ConfirmDeal = graphql(`
  mutation ConfirmDeal($customerId: ID!, $approve: Boolean!, $note: String) {
    confirmDeal(customerId: $customerId, approve: $approve, note: $note) {
      __typename
      ... on Held {
        customer { id holding { wonAt dealReportedAt remindAt release { ...ReleaseFields } } }
      }
      ... on InvalidInput { message problems { path message } }
      ... on Refusal { message }
    }
  }
`);

type Customer = NonNullable<UnconfirmedDealsQuery["pool"]>["unconfirmedDeals"]["nodes"][number];

export function Deals({ poolId }: { poolId: string }) {
  const { t } = useTranslation("team");
  const pages = usePages(UnconfirmedDeals, { poolId }, (data) => data.pool?.unconfirmedDeals);
  return (
    <Card title={t("deal.title")}>
      <MoreList
        pages={pages}
        label={t("deal.title")}
        empty={t("deal.empty")}
        keyOf={(customer) => customer.id}
        shows={(customer) => Boolean(customer.holding?.dealReportedAt)}
      >
        {(customer) => <Row customer={customer} onDecided={pages.refresh} />}
      </MoreList>
    </Card>
  );
}

function Row({ customer, onDecided }: { customer: Customer; onDecided: () => void }) {
  const { t } = useTranslation("team");
  const { dateTime } = useFormat();
  const { run, busy } = useCommand(ConfirmDeal, {
    done: (value) =>
      t("customer" in value && value.customer.holding?.wonAt ? "deal.yes" : "deal.no", {
        name: customer.name,
      }),
  });
  const since = customer.holding?.dealReportedAt;
  return (
    <Waiting
      customer={customer}
      kind="deal"
      busy={busy}
      onDecide={async (approve, note) => {
        await run({ customerId: customer.id, approve, note });
        onDecided();
      }}
    >
      {t("deal.reported", { name: customer.owner?.name, at: since ? dateTime(since) : "" })}
    </Waiting>
  );
}
