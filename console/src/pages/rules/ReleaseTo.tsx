import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import { useRulesForm } from "./form";
import { Line } from "./Line";

/** The pool that releases go to: this one, or another one that the viewer sees. */
export function ReleaseTo({ poolId }: { poolId: string }) {
  const { t } = useTranslation("rules");
  const form = useRulesForm();
  const value = form.values.releaseTo ?? "";
  const others = useMe().pools.filter(({ id }) => id !== poolId);
  const data = [
    { value: "", label: t("releaseTo.own") },
    ...others.map(({ id, name }) => ({ value: id, label: name })),
  ];
  if (!data.some((each) => each.value === value)) data.push({ value, label: t("releaseTo.other") });
  return (
    <Line
      text="releaseTo"
      path="releaseTo"
      field={(wrong) => (
        <NativeSelect
          className="sea-inline sea-choice"
          aria-label={t("field.releaseTo")}
          aria-describedby={wrong}
          error={wrong !== undefined}
          value={value}
          onChange={(event) => form.setFieldValue("releaseTo", event.currentTarget.value || null)}
          data={data}
        />
      )}
    />
  );
}
