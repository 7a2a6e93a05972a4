import { Button, Group, Stack, Text } from "@mantine/core";
import { Month } from "@mantine/dates";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { graphql } from "../../gql";
import type { CalendarFieldsFragment } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";
import { Legend } from "./Legend";
import { isDayOff, isWeekend, ownDays, toggled } from "./ownDays";

const SetCalendar = graphql(`
  mutation SetCalendar($year: Int!, $holidays: [Date!]!, $workingWeekends: [Date!]!) {
    setCalendar(year: $year, holidays: $holidays, workingWeekends: $workingWeekends) {
      ... on CalendarSaved { calendar { ...CalendarFields } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const MONTHS = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];

/** A click makes a working day a day off, and the other way round. */
export function YearForm({ calendar }: { calendar: CalendarFieldsFragment }) {
  const { t, i18n } = useTranslation(["admin", "common"]);
  const before = useMemo(() => ownDays(calendar), [calendar]);
  const [own, setOwn] = useState(before);
  const { run, busy } = useCommand(SetCalendar, {
    done: () => t("calendar.saved", { year: calendar.year }),
  });
  const listed = (of: typeof own) => [[...of.holidays].sort(), [...of.workingWeekends].sort()];
  const [holidays = [], workingWeekends = []] = listed(own);
  const changed = JSON.stringify(listed(before)) !== JSON.stringify(listed(own));
  const format = useMemo(() => {
    const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: "full", timeZone: "UTC" });
    const month = new Intl.DateTimeFormat(i18n.language, { month: "long", timeZone: "UTC" });
    return { day, month };
  }, [i18n.language]);
  const propsOf = (day: string) => {
    const off = isDayOff(calendar, own, day);
    const isOwn = own.holidays.has(day) || own.workingWeekends.has(day);
    const weekend = isWeekend(day);
    const words = [format.day.format(new Date(day)), t(off ? "calendar.off" : "calendar.works")];
    if (isOwn) words.push(t("calendar.legend.own"));
    return {
      className: "year-day",
      "data-off": (off && (!weekend || isOwn || calendar.holidays.includes(day))) || undefined,
      "data-weekend": (off && weekend) || undefined,
      "data-worked": (!off && (weekend || isOwn)) || undefined,
      "data-own": isOwn || undefined,
      "aria-pressed": off,
      "aria-label": words.join(t("comma")),
      onClick: () => setOwn(toggled(calendar, own, day)),
    };
  };
  return (
    <Stack>
      <Legend />
      <div className="year">
        {MONTHS.map((month) => {
          const first = `${calendar.year}-${month}-01`;
          return (
            <section key={month}>
              <Text fw={600} mb={4} className="year-month">
                {format.month.format(new Date(first))}
              </Text>
              <Month month={first} getDayProps={propsOf} hideOutsideDates fullWidth />
            </section>
          );
        })}
      </div>
      <Group className="year-save">
        <Button
          loading={busy}
          disabled={!changed}
          onClick={() => run({ year: calendar.year, holidays, workingWeekends })}
        >
          {t("common:save")}
        </Button>
        <Button variant="default" disabled={!changed} onClick={() => setOwn(before)}>
          {t("calendar.undo")}
        </Button>
      </Group>
    </Stack>
  );
}
