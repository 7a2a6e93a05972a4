import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ChannelLanguage } from "../../gql/graphql";
import { useFormat } from "../../i18n/format";
import type { FieldsProps } from "./ChannelForm";
import { DIGESTS } from "./fields";
import { QuietFields } from "./QuietFields";

const LANGUAGES: Record<ChannelLanguage, string> = { ZH: "中文", EN: "English" };

/** How often it may disturb, when it may not, and in which language. */
export function TimesFields({ values, errors, set }: FieldsProps) {
  const { t } = useTranslation("channels");
  const { duration } = useFormat();
  const { digestEvery, language, quietFrom, quietTo } = values;
  const choices = DIGESTS.includes(digestEvery) ? DIGESTS : [...DIGESTS, digestEvery];
  return (
    <>
      <NativeSelect
        label={t("digest")}
        description={t("digestMore")}
        value={digestEvery}
        error={errors.digestEvery}
        onChange={(event) => set({ digestEvery: event.currentTarget.value })}
        data={choices.map((value) => ({ value, label: duration(value) }))}
      />
      <QuietFields
        more={t("quietMore")}
        from={quietFrom}
        to={quietTo}
        errors={errors}
        onChange={set}
      />
      <NativeSelect
        label={t("language")}
        value={language}
        onChange={(event) => set({ language: event.currentTarget.value as ChannelLanguage })}
        data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
      />
    </>
  );
}
