import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Card } from "../../components/Card";
import { MoreList } from "../../components/MoreList";
import { graphql } from "../../gql";
import { usePages } from "../../graphql/usePages";
import { useFormat } from "../../i18n/format";

const CustomerFollowUps = graphql(`
  query CustomerFollowUps($id: ID!, $after: Cursor) {
    customer(id: $id) {
      id
      followUps(first: 5, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id at kind note by { id name } }
      }
    }
  }
`);

export function FollowUps({ id }: { id: string }) {
  const { t } = useTranslation(["customer", "common"]);
  const { dateTime } = useFormat();
  const pages = usePages(CustomerFollowUps, { id }, (data) => data.customer?.followUps);
  return (
    <Card title={t("followUps")}>
      <MoreList
        pages={pages}
        label={t("followUps")}
        empty={t("noFollowUps")}
        keyOf={(each) => each.id}
      >
        {(each) => (
          <>
            <Text size="sm">{each.note}</Text>
            <Text size="xs" c="dimmed">
              {[t(`common:kind.${each.kind}`), each.by.name, dateTime(each.at)].join(" · ")}
            </Text>
          </>
        )}
      </MoreList>
    </Card>
  );
}
