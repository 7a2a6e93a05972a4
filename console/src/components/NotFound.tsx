import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { EmptyState } from "./EmptyState";

export function NotFound() {
  const { t } = useTranslation("common");
  return (
    <EmptyState
      title={t("notFound")}
      action={
        <Button component={Link} to="/customers" variant="light">
          {t("home")}
        </Button>
      }
    >
      {t("notFoundMore")}
    </EmptyState>
  );
}
