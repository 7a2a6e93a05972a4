import { useTranslation } from "react-i18next";
import { PageHeader } from "../../components/PageHeader";

export default function Register() {
  const { t } = useTranslation("register");
  return <PageHeader title={t("title")} />;
}
