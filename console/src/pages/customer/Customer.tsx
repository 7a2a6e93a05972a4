import { useTranslation } from "react-i18next";
import { PageHeader } from "../../components/PageHeader";

export default function Customer() {
  const { t } = useTranslation("customer");
  return <PageHeader title={t("title")} />;
}
