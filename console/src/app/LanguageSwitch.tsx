import { ActionIcon, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { chooseLanguage, type Language } from "../i18n";

const OTHER: Record<string, { language: Language; label: string; short: string }> = {
  en: { language: "zh-CN", label: "切换到中文", short: "中" },
  "zh-CN": { language: "en", label: "Switch to English", short: "EN" },
};

export function LanguageSwitch() {
  const { i18n } = useTranslation();
  const other = OTHER[i18n.language] ?? { language: "en", label: "Switch to English", short: "EN" };
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={`${other.short}: ${other.label}`}
      title={other.label}
      onClick={() => chooseLanguage(other.language)}
    >
      <Text size="sm" fw={600} lang={other.language}>
        {other.short}
      </Text>
    </ActionIcon>
  );
}
