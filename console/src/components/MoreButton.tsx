import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Props {
  loading?: boolean;
  onMore: () => void;
  /** Other words than "Show more". */
  children?: string;
}

/** The rest of a list; its words stand below those of the list. */
export function MoreButton({ loading = false, onMore, children }: Props) {
  const { t } = useTranslation("common");
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      loading={loading}
      onClick={onMore}
      ml={-10}
      style={{ alignSelf: "flex-start" }}
    >
      {children ?? t("more")}
    </Button>
  );
}
