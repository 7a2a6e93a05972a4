import { useTranslation } from "react-i18next";
import { PageHeader } from "../../components/PageHeader";

export default function Pool() {
  const { t } = useTranslation("pool");
  return <PageHeader title={t("title")} />;
}
