import { useTranslation } from "react-i18next";
import { PageHeader } from "../../components/PageHeader";

export default function Alerts() {
  const { t } = useTranslation("alerts");
  return <PageHeader title={t("title")} />;
}
