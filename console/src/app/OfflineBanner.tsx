import { Alert } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconCloudOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useOnline } from "../graphql/connection";

export function OfflineBanner() {
  const { t } = useTranslation("shell");
  const online = useOnline();
  const [settled] = useDebouncedValue(online, 800);
  if (online || settled) return null;
  return (
    <Alert
      color="orange"
      icon={<IconCloudOff size={20} />}
      mb="md"
      role="status"
      title={t("offline")}
    >
      {t("offlineMore")}
    </Alert>
  );
}
