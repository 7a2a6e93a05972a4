import { useTranslation } from "react-i18next";
import { PageHeader } from "../../components/PageHeader";

export default function Admin() {
  const { t } = useTranslation("admin");
  return <PageHeader title={t("title")} />;
}
