import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DeliveryStatus } from "../gql/graphql";

const COLOURS: Record<DeliveryStatus, string> = {
  PENDING: "gray",
  DELIVERED: "teal",
  FAILED: "red",
};

/** How far a message to a webhook or a channel is. */
export function DeliveryBadge({ status }: { status: DeliveryStatus }) {
  const { t } = useTranslation("common");
  return (
    <Badge size="sm" variant="dot" tt="none" color={COLOURS[status]}>
      {t(`delivery.${status}`)}
    </Badge>
  );
}
