import { useTranslation } from "react-i18next";
import { PageHeader } from "../../components/PageHeader";

export default function Customers() {
  const { t } = useTranslation("customers");
  return <PageHeader title={t("title")} />;
}
