import { Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function LoadingList({ rows = 6, height = 56 }: { rows?: number; height?: number }) {
  const { t } = useTranslation("common");
  return (
    <Stack gap="sm" role="status" aria-label={t("loading")} aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all the same
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </Stack>
  );
}
