import { Button, Group, Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useOnline } from "../../../graphql/connection";
import { useFormat } from "../../../i18n/format";
import type { Upload } from "./useUpload";

interface Props {
  going: NonNullable<Upload["going"]>;
  onCancel: () => void;
}

/** How much of the file is sent; then the API reads it. */
export function Sending({ going: { name, bytes, sent }, onCancel }: Props) {
  const { t } = useTranslation(["import", "common"]);
  const { fileSize } = useFormat();
  const online = useOnline();
  const reading = online && sent >= bytes;
  const step = reading ? "reading" : "sending";
  const parts = { sent: fileSize(sent), bytes: fileSize(bytes) };
  return (
    <div>
      <Text fw={600} role="status">
        {t(online ? step : "waiting", { name })}
      </Text>
      <Progress
        my={8}
        value={bytes ? (100 * sent) / bytes : 100}
        animated={reading}
        aria-label={t("sending", { name })}
      />
      <Group justify="space-between">
        <Text size="sm" c="dimmed" className="sea-number">
          {t("sent", parts)}
        </Text>
        <Button variant="default" size="xs" onClick={onCancel}>
          {t("common:cancel")}
        </Button>
      </Group>
    </div>
  );
}
