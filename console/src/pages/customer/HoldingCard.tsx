import { Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import { Card } from "../../components/Card";
import { ReleaseInfo } from "../../components/ReleaseInfo";
import type { CustomerFactsFragment } from "../../gql/graphql";
import { useFormat } from "../../i18n/format";
import type { Action } from "../customers/actions";
import "../customers/customers.css";
import { CardButtons } from "../customers/CardButtons";
import { Panel } from "../customers/Panel";

interface Props {
  customer: CustomerFactsFragment;
}

/** When it is released and why; its owner acts here. */
export function HoldingCard({ customer }: Props) {
  const { t } = useTranslation("customer");
  const { viewer } = useMe();
  const { holding, owner } = customer;
  if (!holding || !owner) return <InPool customer={customer} />;
  const safe = (holding.locked && t("safeLocked")) || (holding.wonAt && t("safeWon")) || undefined;
  return (
    <Card title={t("holding")}>
      <ReleaseInfo release={holding.release} safe={safe} all />
      <Facts customer={customer} />
      {owner.id === viewer.id && <OwnersActions customer={customer} />}
    </Card>
  );
}

function OwnersActions({ customer }: Props) {
  const [action, setAction] = useState<Action | null>(null);
  return (
    <>
      <CardButtons customer={customer} action={action} onAction={setAction} />
      {action && (
        <Panel
          key={action}
          action={action}
          customerId={customer.id}
          name={customer.name}
          poolId={customer.pool.id}
          onClose={() => setAction(null)}
        />
      )}
    </>
  );
}

function Facts({ customer: { holding, owner } }: Props) {
  const { t } = useTranslation("customer");
  const { dateTime } = useFormat();
  const dates = [
    ["since", holding?.since],
    ["followedUpAt", holding?.followedUpAt],
    ["dealReportedAt", holding?.dealReportedAt],
    ["wonAt", holding?.wonAt],
  ] as const;
  return (
    <dl className="customer-facts">
      <dt>{t("fact.owner")}</dt>
      <dd>{owner?.name}</dd>
      {dates.map(
        ([name, at]) =>
          at && (
            <div key={name} style={{ display: "contents" }}>
              <dt>{t(`fact.${name}`)}</dt>
              <dd className="sea-number">{dateTime(at)}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function InPool({ customer }: Props) {
  const { t } = useTranslation("customer");
  const { dateTime } = useFormat();
  const { claimable, openedAt } = customer;
  return (
    <Card title={t("pooled")} more={openedAt && t("openedAt", { at: dateTime(openedAt) })}>
      {claimable.__typename !== "Claimable" ? (
        <Text size="sm">{claimable.message}</Text>
      ) : (
        <Text size="sm">
          {claimable.releaseAt
            ? t("claimableUntil", { at: dateTime(claimable.releaseAt) })
            : t("claimable")}
        </Text>
      )}
    </Card>
  );
}
