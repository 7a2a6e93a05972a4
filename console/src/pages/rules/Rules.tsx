import { useTranslation } from "react-i18next";
import { PageHeader } from "../../components/PageHeader";

export default function Rules() {
  const { t } = useTranslation("rules");
  return <PageHeader title={t("title")} />;
}
