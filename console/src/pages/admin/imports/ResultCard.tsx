import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Card } from "../../../components/Card";
import { Refused } from "../../../sheets/answers";
import { download } from "../../../sheets/download";
import type { Result, Sheet } from "./draft";

interface Props {
  result: Result;
  sheet: Sheet | null;
  pool: { id: string; name: string } | undefined;
  onAnother: () => void;
}

/** What became of the rows, in words, and the bad ones to mend. */
export function ResultCard({ result, sheet, pool, onAnother }: Props) {
  const { t } = useTranslation("import");
  const { created, updated, refused, badRows } = result;
  return (
    <Card title={t("done", { name: sheet?.name })}>
      <div role="status">
        {created > 0 && <Text>{t("created", { count: created, pool: pool?.name })}</Text>}
        {updated > 0 && <Text>{t("updated", { count: updated })}</Text>}
        {created + updated === 0 && <Text>{t("unchanged")}</Text>}
        {refused > 0 && <Text c="var(--sea-soon)">{t("refused", { count: refused })}</Text>}
      </div>
      {badRows && (
        <Text size="sm" c="dimmed">
          {t("mend")}
        </Text>
      )}
      <Group gap="sm">
        {badRows && <BadRows id={badRows} of={sheet?.name ?? ""} />}
        <Button variant="default" onClick={onAnother}>
          {t(badRows ? "sendMended" : "another")}
        </Button>
        {pool && (
          <Button variant="subtle" component={Link} to={`/pool/${pool.id}`}>
            {t("toPool", { pool: pool.name })}
          </Button>
        )}
      </Group>
    </Card>
  );
}

function BadRows({ id, of }: { id: string; of: string }) {
  const { t } = useTranslation(["import", "exports"]);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const name = t("badRowsName", { name: of.replace(/\.\w+$/, "") });
    try {
      await download(`/sheets/${id}`, { name: `${name}.csv` });
    } catch (error) {
      const message = (error instanceof Refused && error.message) || t("exports:cut");
      notifications.show({ color: "red", message, autoClose: false });
    }
    setBusy(false);
  };
  return (
    <Button
      loading={busy}
      leftSection={<IconDownload size={18} aria-hidden />}
      onClick={() => void save()}
    >
      {t("badRows")}
    </Button>
  );
}
