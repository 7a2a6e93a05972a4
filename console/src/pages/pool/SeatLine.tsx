import { Progress, Skeleton, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ErrorState } from "../../components/ErrorState";
import { isFull, isSpent } from "./claimState";
import "./pool.css";
import type { useSeat } from "./useSeat";

interface Props extends ReturnType<typeof useSeat> {
  /** False where the daily limit does not count. */
  claims?: boolean;
}

/** Held of capacity, and the claims that are left today. */
export function SeatLine({ seat, error, again, claims = true }: Props) {
  const { t } = useTranslation("pool");
  if (error && !seat) return <ErrorState small error={error} onRetry={() => again()} />;
  if (!seat) return <Skeleton height={90} radius="md" mb="md" />;
  const { held, capacity, available, claimsLeft, claimLimit } = seat;
  return (
    <section className="sea-card seat" aria-label={t("seat.title")}>
      <Part
        label={t("seat.held")}
        part={held}
        whole={capacity}
        warns={isFull(seat)}
        more={available === null ? t("seat.unlimited") : t("seat.room", { count: available })}
      />
      {claims && claimLimit !== null && claimsLeft !== null && (
        <Part
          label={t("seat.claims")}
          part={claimsLeft}
          whole={claimLimit}
          warns={isSpent(seat)}
          more={t(isSpent(seat) ? "seat.spent" : "seat.today")}
        />
      )}
    </section>
  );
}

interface PartProps {
  label: string;
  part: number;
  whole: number | null;
  warns: boolean;
  more: string;
}

function Part({ label, part, whole, warns, more }: PartProps) {
  const { t } = useTranslation("pool");
  return (
    <div className="seat-part">
      <div className="seat-words">
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <Text fw={650} className="sea-number">
          {whole === null ? part : t("seat.of", { part, whole })}
        </Text>
      </div>
      {whole !== null && (
        <Progress
          value={whole > 0 ? Math.min(100, (part / whole) * 100) : 0}
          size="sm"
          color={warns ? "red" : "deepSea"}
          aria-label={label}
        />
      )}
      <Text size="sm" c={warns ? "var(--sea-soon)" : "dimmed"} className="sea-number">
        {more}
      </Text>
    </div>
  );
}
