import { Progress, Skeleton, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isFull, isSpent, type Seat } from "./claimState";
import "./pool.css";

/** Held of capacity, and the claims that are left today. */
export function SeatLine({ seat }: { seat: Seat | undefined }) {
  const { t } = useTranslation("pool");
  if (!seat) return <Skeleton height={58} radius="md" mb="md" />;
  const { held, capacity, available, claimsLeft, claimLimit } = seat;
  return (
    <section className="sea-card seat" aria-label={t("seat.title")}>
      <div className="seat-part">
        <div className="seat-words">
          <Text size="sm" c="dimmed">
            {t("seat.held")}
          </Text>
          <Text fw={650} className="sea-number">
            {capacity === null ? held : t("seat.of", { part: held, whole: capacity })}
          </Text>
        </div>
        {capacity !== null && (
          <Progress
            value={capacity > 0 ? Math.min(100, (held / capacity) * 100) : 100}
            size="sm"
            color={isFull(seat) ? "red" : "deepSea"}
            aria-label={t("seat.held")}
          />
        )}
        <Text size="sm" c={isFull(seat) ? "var(--sea-soon)" : "dimmed"} className="sea-number">
          {available === null ? t("seat.unlimited") : t("seat.room", { count: available })}
        </Text>
      </div>
      <div className="seat-part">
        <div className="seat-words">
          <Text size="sm" c="dimmed">
            {t("seat.claims")}
          </Text>
          <Text fw={650} className="sea-number" c={isSpent(seat) ? "var(--sea-soon)" : undefined}>
            {claimLimit === null || claimsLeft === null
              ? t("seat.unlimited")
              : t("seat.of", { part: claimsLeft, whole: claimLimit })}
          </Text>
        </div>
        {claimLimit !== null && claimsLeft !== null && (
          <Progress
            value={claimLimit > 0 ? (claimsLeft / claimLimit) * 100 : 0}
            size="sm"
            aria-label={t("seat.claims")}
          />
        )}
        <Text size="sm" c={isSpent(seat) ? "var(--sea-soon)" : "dimmed"}>
          {t(isSpent(seat) ? "seat.spent" : "seat.today")}
        </Text>
      </div>
    </section>
  );
}
