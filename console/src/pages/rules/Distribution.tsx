import { NativeSelect, NumberInput, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DistributionStrategy } from "../../gql/graphql";
import { DurationField } from "./DurationField";
import { type DistributionValues, useRulesForm } from "./form";
import { Line } from "./Line";

const STRATEGIES: DistributionStrategy[] = ["IN_TURN", "LEAST_LOADED"];
const START: DistributionValues = {
  strategy: "IN_TURN",
  quota: null,
  after: { count: 0, unit: "day" },
  memberIds: [],
  departmentIds: [],
  names: [],
};
const MOST = 1_000_000;

/** Whether, to whom first and when the pool deals its customers out by itself. */
export function Distribution() {
  const { t } = useTranslation("rules");
  const form = useRulesForm();
  const value = form.values.distribution;
  const label = t("field.distribution");
  const set = (change: Partial<DistributionValues>) =>
    form.setFieldValue("distribution", { ...(value ?? START), ...change });
  const toggle = () => form.setFieldValue("distribution", value ? null : START);
  return (
    <>
      <Line
        text="distribution"
        path="distribution"
        on={{ checked: Boolean(value), label, toggle }}
        field={() => (
          <NativeSelect
            className="sea-inline sea-choice"
            aria-label={label}
            value={value?.strategy ?? START.strategy}
            onChange={(event) =>
              set({ strategy: event.currentTarget.value as DistributionStrategy })
            }
            disabled={!value}
            data={STRATEGIES.map((each) => ({
              value: each,
              label: t(`choice.distribution.${each}`),
            }))}
          />
        )}
      />
      {value && (
        <div className="sea-under">
          <Quota value={value.quota} onChange={(quota) => set({ quota })} />
          <Line
            text="distributionAfter"
            path="distribution.after"
            field={(wrong) => (
              <DurationField
                label={t("field.distributionAfter")}
                value={value.after}
                onChange={(after) => set({ after })}
                disabled={false}
                wrong={wrong}
              />
            )}
          />
          {value.names.length > 0 && (
            <Text size="sm">{t("distribution.to", { names: value.names.join(", ") })}</Text>
          )}
        </div>
      )}
    </>
  );
}

interface QuotaProps {
  value: DistributionValues["quota"];
  onChange: (quota: DistributionValues["quota"]) => void;
}

function Quota({ value, onChange }: QuotaProps) {
  const { t } = useTranslation("rules");
  const label = t("field.distributionQuota");
  const toggle = () => onChange(value === null ? 10 : null);
  return (
    <Line
      text="distributionQuota"
      path="distribution.quota"
      on={{ checked: value !== null, label, toggle }}
      field={(wrong) => (
        <NumberInput
          className="sea-inline"
          aria-label={label}
          aria-describedby={wrong}
          error={wrong !== undefined}
          value={value ?? ""}
          onChange={onChange}
          disabled={value === null}
          max={MOST}
          clampBehavior="strict"
          allowDecimal={false}
          hideControls
          w={80}
        />
      )}
    />
  );
}
