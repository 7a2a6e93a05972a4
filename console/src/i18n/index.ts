// Texts: one JSON file for each page and language, loaded when a page needs it.
import i18next, { type BackendModule } from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = ["en", "zh-CN"] as const;
export type Language = (typeof LANGUAGES)[number];

const STORED = "seapool.language";
const files = import.meta.glob<{ default: Record<string, unknown> }>("./*/*.json");

const backend: BackendModule = {
  type: "backend",
  init: () => undefined,
  read(language, page, loaded) {
    const load = files[`./${language}/${page}.json`];
    if (!load) return loaded(new Error(`no texts: ${language}/${page}`), null);
    load().then(
      (file) => loaded(null, file.default as never),
      (error: Error) => loaded(error, null),
    );
  },
};

function preferred(): Language {
  const stored = localStorage.getItem(STORED);
  const wanted = stored ? [stored] : navigator.languages;
  const known = wanted.find((each) => /^(zh|en)/i.test(each));
  return known?.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

export function language(): Language {
  return i18next.language === "zh-CN" ? "zh-CN" : "en";
}

export async function chooseLanguage(chosen: Language): Promise<void> {
  localStorage.setItem(STORED, chosen);
  await i18next.changeLanguage(chosen);
}

i18next.on("languageChanged", (current) => {
  document.documentElement.lang = current;
});

export const ready = i18next
  .use(backend)
  .use(initReactI18next)
  .init({
    lng: preferred(),
    supportedLngs: LANGUAGES,
    fallbackLng: false,
    load: "currentOnly",
    ns: ["common", "shell"],
    defaultNS: "common",
    interpolation: { escapeValue: false },
    react: { useSuspense: true },
  });
