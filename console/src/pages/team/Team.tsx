import { useTranslation } from "react-i18next";
import { PageHeader } from "../../components/PageHeader";

export default function Team() {
  const { t } = useTranslation("team");
  return <PageHeader title={t("title")} />;
}
