import { Anchor, Badge, Button, Checkbox, Group, Text } from "@mantine/core";
import { type MouseEvent, memo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ContactLines } from "../../components/ContactLines";
import { graphql } from "../../gql";
import type { PoolRowFragment } from "../../gql/graphql";
import { serverNow } from "../../graphql/clock";
import { useFormat } from "../../i18n/format";
import { ClaimStanding } from "./ClaimStanding";
import type { ClaimRefusal, Seat } from "./claimState";
import { standingOf } from "./standing";

export const PoolRowFields = graphql(`
  fragment PoolRow on Customer {
    id
    name
    level
    openedAt
    contact { person phone email masked }
    claimable {
      __typename
      ... on Claimable { releaseAt }
      ... on Refusal { message }
      ... on CapacityReached { held capacity }
      ... on DailyLimitReached { limit resetsAt }
      ... on CoolingDown { until }
      ... on NotYetOpen { opensAt }
    }
  }
`);

interface Props {
  customer: PoolRowFragment;
  refused: ClaimRefusal | undefined;
  seat: Seat | undefined;
  now: number;
  justOpened: boolean;
  selected: boolean;
  canSelect: boolean;
  claiming: boolean;
  disabled: boolean;
  onSelect: (id: string, selected: boolean) => void;
  onClaim: (event: MouseEvent<HTMLButtonElement>, customer: PoolRowFragment) => void;
}

/** Drawn again only where something of its own changed: scrolling asks for all rows in sight. */
export const PoolRow = memo(function PoolRow({ customer, refused, seat, now, ...row }: Props) {
  const { t } = useTranslation("pool");
  const { relative, dateTime } = useFormat();
  const { id, name, level, openedAt, contact } = customer;
  const standing = standingOf(customer, refused, seat, now);
  const free = standing.kind === "free";
  return (
    <article className="sea-card pool-row" aria-label={name} data-selected={row.selected}>
      <Checkbox
        className="pool-check"
        aria-label={t("select", { name })}
        checked={row.selected}
        disabled={!row.selected && (!free || !row.canSelect)}
        onChange={(event) => row.onSelect(id, event.currentTarget.checked)}
      />
      <div className="pool-who">
        <Group gap={8}>
          <Anchor component={Link} to={`/customer/${id}`} fw={600} c="inherit">
            {name}
          </Anchor>
          {level && (
            <Badge size="sm" variant="light" tt="none">
              {t("level", { level })}
            </Badge>
          )}
          {row.justOpened && (
            <Badge size="sm" tt="none">
              {t("justOpened")}
            </Badge>
          )}
        </Group>
        <ContactLines contact={contact} explain={false} />
        {openedAt && (
          <Text size="xs" c="dimmed" title={dateTime(openedAt)}>
            {t("opened", { ago: relative(Date.parse(openedAt) - serverNow()) })}
          </Text>
        )}
      </div>
      <div className="pool-standing" aria-live="polite">
        <ClaimStanding standing={standing} />
      </div>
      <Button
        className="pool-claim"
        variant={free ? "filled" : "default"}
        disabled={!free || row.disabled}
        loading={row.claiming}
        aria-label={t("claimName", { name })}
        onClick={(event) => row.onClaim(event, customer)}
      >
        {t("claim")}
      </Button>
    </article>
  );
});
