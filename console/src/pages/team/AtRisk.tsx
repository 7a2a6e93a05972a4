import { Anchor, Badge, Group, SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Card } from "../../components/Card";
import { Countdown } from "../../components/Countdown";
import { MoreList } from "../../components/MoreList";
import { graphql } from "../../gql";
import type { CustomersAtRiskQuery } from "../../gql/graphql";
import { usePages } from "../../graphql/usePages";
import { useFormat } from "../../i18n/format";

const CustomersAtRisk = graphql(`
  query CustomersAtRisk($poolId: ID!, $within: Duration!, $after: Cursor) {
    pool(id: $poolId) {
      id
      atRisk(within: $within, first: 10, after: $after) {
        totalCount
        nodes { id name owner { id name } holding { release { at reason } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

type Customer = NonNullable<CustomersAtRiskQuery["pool"]>["atRisk"]["nodes"][number];

const CHOICES = ["P1D", "P7D", "P30D"];

/** What is released soon unless its owner does something, and whose it is. */
export function AtRisk({ poolId }: { poolId: string }) {
  const { t } = useTranslation("team");
  const { duration } = useFormat();
  const [within, setWithin] = useState("P7D");
  const pages = usePages(CustomersAtRisk, { poolId, within }, (data) => data.pool?.atRisk);
  const { totalCount } = pages;
  return (
    <Card
      title={t("risk.title")}
      more={
        totalCount ? t("risk.count", { count: totalCount, within: duration(within) }) : undefined
      }
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t("risk.within")}
          value={within}
          onChange={setWithin}
          data={CHOICES.map((value) => ({ value, label: duration(value) }))}
        />
      }
    >
      <MoreList
        pages={pages}
        label={t("risk.title")}
        empty={t("risk.empty")}
        keyOf={(customer) => customer.id}
      >
        {(customer) => <Row customer={customer} />}
      </MoreList>
    </Card>
  );
}

function Row({ customer }: { customer: Customer }) {
  const { t } = useTranslation(["team", "common"]);
  const release = customer.holding?.release;
  return (
    <Group justify="space-between" gap="sm" align="baseline" wrap="nowrap">
      <div style={{ minWidth: 0 }}>
        <Anchor component={Link} to={`/customer/${customer.id}`} fw={500}>
          {customer.name}
        </Anchor>
        <Text size="sm" c="dimmed">
          {customer.owner?.name}
          {release && ` · ${t(`common:reason.${release.reason}`)}`}
        </Text>
      </div>
      {release ? (
        <Countdown at={release.at} size="sm" ta="right" style={{ flex: "none", maxWidth: "45%" }} />
      ) : (
        <Badge variant="light" tt="none">
          {t("risk.saved")}
        </Badge>
      )}
    </Group>
  );
}
