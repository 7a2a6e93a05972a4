import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import type { FieldsProps } from "./ChannelForm";
import { Choices } from "./Choices";

/** The alerts of which pools a channel of the organization has. */
export function PoolChoices({ values, errors, set }: FieldsProps) {
  const { t } = useTranslation("channels");
  const { pools } = useMe();
  if (pools.length < 2) return null;
  const wrong = Object.entries(errors).find(([path]) => path.startsWith("poolIds"));
  return (
    <Choices
      title={t("pools")}
      more={t("poolsMore")}
      error={wrong?.[1]}
      value={values.poolIds}
      onChange={(poolIds) => set({ poolIds })}
      choices={pools.map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
}
