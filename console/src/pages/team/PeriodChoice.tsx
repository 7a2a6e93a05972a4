import { Group, SegmentedControl, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import { lastDays, type Period } from "./period";

const DAYS = [7, 30, 90];
const OWN = "own";

interface Props {
  period: Period;
  onChange: (period: Period) => void;
}

export function PeriodChoice({ period, onChange }: Props) {
  const { t } = useTranslation("team");
  const zone = useMe().organization.timeZone;
  const chosen = DAYS.find((days) => {
    const { first, last } = lastDays(days, zone);
    return first === period.first && last === period.last;
  });
  return (
    <Group gap="sm" align="center">
      <SegmentedControl
        aria-label={t("period.label")}
        value={chosen ? String(chosen) : OWN}
        onChange={(value) => value !== OWN && onChange(lastDays(Number(value), zone))}
        data={[
          ...DAYS.map((days) => ({
            value: String(days),
            label: t("period.days", { count: days }),
          })),
          ...(chosen ? [] : [{ value: OWN, label: t("period.own") }]),
        ]}
      />
      <Group gap={6} wrap="nowrap">
        <TextInput
          type="date"
          aria-label={t("period.first")}
          value={period.first}
          max={period.last}
          onChange={(event) => onChange({ ...period, first: event.currentTarget.value })}
        />
        <span aria-hidden>–</span>
        <TextInput
          type="date"
          aria-label={t("period.last")}
          value={period.last}
          min={period.first}
          onChange={(event) => onChange({ ...period, last: event.currentTarget.value })}
        />
      </Group>
    </Group>
  );
}
