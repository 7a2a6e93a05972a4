import { useTranslation } from "react-i18next";
import { Card } from "../../components/Card";
import { Export } from "../../components/exports/Export";
import { MoreList } from "../../components/MoreList";
import { graphql } from "../../gql";
import { usePages } from "../../graphql/usePages";
import { EventRow } from "./EventRow";

export const HistoryEvent = graphql(`
  fragment HistoryEvent on Event {
    id
    action
    reason
    at
    actor { id name }
    member { id name }
  }
`);

const CustomerHistory = graphql(`
  query CustomerHistory($id: ID!, $after: Cursor) {
    customer(id: $id) {
      id
      history(first: 15, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { ...HistoryEvent }
      }
    }
  }
`);

/** The customer's life, newest first. */
export function Events({ id }: { id: string }) {
  const { t } = useTranslation("customer");
  const pages = usePages(CustomerHistory, { id }, (data) => data.customer?.history);
  return (
    <Card
      title={t("history")}
      more={t("historyMore")}
      aside={<Export sheet={{ of: "history", customerId: id }} size="xs" />}
    >
      <MoreList
        pages={pages}
        label={t("history")}
        empty={t("noHistory")}
        keyOf={(each) => each.id}
        className="timeline"
      >
        {(event) => <EventRow event={event} />}
      </MoreList>
    </Card>
  );
}
