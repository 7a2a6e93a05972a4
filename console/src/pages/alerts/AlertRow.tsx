import { Anchor, Badge, Group, Text, ThemeIcon } from "@mantine/core";
import {
  IconAlertTriangle,
  IconArrowsExchange,
  IconClockExclamation,
  IconHourglass,
  IconMessage2,
  IconRosetteDiscountCheck,
  IconUserCheck,
  IconWaveSine,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Countdown } from "../../components/Countdown";
import type { AlertKind, AlertRowFragment } from "../../gql/graphql";
import { serverNow } from "../../graphql/clock";
import { useFormat } from "../../i18n/format";

const LOOKS: Record<AlertKind, { icon: typeof IconHourglass; color: string }> = {
  REMINDER: { icon: IconClockExclamation, color: "orange" },
  RELEASED: { icon: IconWaveSine, color: "red" },
  ASSIGNED: { icon: IconUserCheck, color: "deepSea" },
  TRANSFERRED: { icon: IconArrowsExchange, color: "deepSea" },
  EXTENSION_DECIDED: { icon: IconHourglass, color: "deepSea" },
  DEAL_DECIDED: { icon: IconRosetteDiscountCheck, color: "deepSea" },
  AT_RISK: { icon: IconAlertTriangle, color: "orange" },
  COMMENTED: { icon: IconMessage2, color: "deepSea" },
};

export function AlertRow({ alert, isNew }: { alert: AlertRowFragment; isNew: boolean }) {
  const { t } = useTranslation("alerts");
  const { relative, dateTime } = useFormat();
  const { icon: Icon, color } = LOOKS[alert.kind];
  const { customer } = alert;
  return (
    <article className="sea-card alert-row" data-new={isNew} aria-label={customer.name}>
      <ThemeIcon variant="light" color={color} size={36} radius="xl" aria-hidden>
        <Icon size={20} stroke={1.6} />
      </ThemeIcon>
      <div className="alert-words">
        <Group gap="2px 8px">
          <Text size="sm" c="dimmed">
            {t(`kind.${alert.kind}`)}
          </Text>
          {isNew && (
            <Badge size="sm" tt="none">
              {t("new")}
            </Badge>
          )}
        </Group>
        <Anchor component={Link} to={`/customer/${customer.id}`} fw={600} c="inherit">
          {customer.name}
        </Anchor>
        <Text size="sm">{alert.message}</Text>
      </div>
      <div className="alert-when">
        <Text size="xs" c="dimmed" component="time" dateTime={alert.at} title={dateTime(alert.at)}>
          {relative(Date.parse(alert.at) - serverNow())}
        </Text>
        {isOpen(alert) && <Countdown at={alert.releaseAt} size="sm" />}
      </div>
    </article>
  );
}

/** A reminder whose release is still to come: the time that is left counts. */
function isOpen(alert: AlertRowFragment): alert is AlertRowFragment & { releaseAt: string } {
  if (alert.kind !== "REMINDER" || !alert.releaseAt) return false;
  return Date.parse(alert.releaseAt) > serverNow();
}
