import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { MOST_AT_ONCE } from "./useSelection";

interface Props {
  count: number;
  busy: boolean;
  onClaim: () => void;
  onClear: () => void;
}

/** Stays in sight while customers are selected. */
export function SelectionBar({ count, busy, onClaim, onClear }: Props) {
  const { t } = useTranslation("pool");
  if (count === 0) return null;
  return (
    <section className="pool-bar" aria-label={t("selection")}>
      <Text size="sm" fw={600} className="sea-number" role="status">
        {t("selected", { count })}
        {count >= MOST_AT_ONCE && ` · ${t("most", { count: MOST_AT_ONCE })}`}
      </Text>
      <Group gap="xs" wrap="nowrap">
        <Button variant="default" onClick={onClear} disabled={busy}>
          {t("clear")}
        </Button>
        <Button onClick={onClaim} loading={busy}>
          {t("claimSelected", { count })}
        </Button>
      </Group>
    </section>
  );
}
