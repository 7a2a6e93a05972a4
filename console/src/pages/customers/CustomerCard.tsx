import { Anchor, Badge, Group, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ContactLines } from "../../components/ContactLines";
import { ReleaseInfo } from "../../components/ReleaseInfo";
import { graphql } from "../../gql";
import type { HeldRowFragment } from "../../gql/graphql";
import { useFormat } from "../../i18n/format";
import type { Action } from "./actions";
import { CardButtons } from "./CardButtons";
import { Panel } from "./Panel";

export const HeldRow = graphql(`
  fragment HeldRow on Customer {
    id
    name
    level
    contact { person phone email masked }
    pool { id name }
    holding {
      since
      followedUpAt
      wonAt
      dealReportedAt
      locked
      release { ...ReleaseFields }
    }
  }
`);

interface Props {
  customer: HeldRowFragment;
  action: Action | null;
  onAction: (action: Action | null) => void;
}

export function CustomerCard({ customer, action, onAction }: Props) {
  const { t } = useTranslation("customers");
  const { holding, pool } = customer;
  return (
    <article className="sea-card customer-card" aria-label={customer.name}>
      <div className="customer-who">
        <Group gap={8}>
          <Anchor component={Link} to={`/customer/${customer.id}`} fw={600} c="inherit">
            {customer.name}
          </Anchor>
          {customer.level && (
            <Badge size="sm" variant="light" tt="none">
              {t("level", { level: customer.level })}
            </Badge>
          )}
          {holding?.locked && (
            <Badge size="sm" color="gray" tt="none" leftSection={<IconLock size={11} />}>
              {t("locked")}
            </Badge>
          )}
        </Group>
        <ContactLines contact={customer.contact} />
        <Text size="xs" c="dimmed">
          {pool.name}
          <Deal customer={customer} />
        </Text>
      </div>
      <div className="customer-release" aria-live="polite">
        <ReleaseInfo release={holding?.release} safe={safe(customer, t)} />
      </div>
      <CardButtons customer={customer} action={action} onAction={onAction} />
      {action && (
        <div className="customer-panel">
          <Panel
            key={action}
            action={action}
            customerId={customer.id}
            name={customer.name}
            poolId={pool.id}
            onClose={() => onAction(null)}
          />
        </div>
      )}
    </article>
  );
}

function safe({ holding }: HeldRowFragment, t: (key: string) => string): string | undefined {
  if (holding?.locked) return t("safeLocked");
  return holding?.wonAt ? t("safeWon") : undefined;
}

function Deal({ customer: { holding } }: { customer: HeldRowFragment }) {
  const { t } = useTranslation("customers");
  const { date } = useFormat();
  if (holding?.dealReportedAt) return ` · ${t("dealWaits")}`;
  if (holding?.wonAt) return ` · ${t("wonAt", { date: date(holding.wonAt) })}`;
  return null;
}
