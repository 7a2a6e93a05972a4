import { ActionIcon, Alert, Group, Stack, Text } from "@mantine/core";
import { DatesProvider } from "@mantine/dates";
import "@mantine/dates/styles.layer.css";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import "dayjs/locale/zh-cn";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { Card } from "../../components/Card";
import { ErrorState } from "../../components/ErrorState";
import { LoadingList } from "../../components/LoadingList";
import { graphql } from "../../gql";
import { serverNow } from "../../graphql/clock";
import { YearForm } from "./YearForm";

export const CalendarFields = graphql(`
  fragment CalendarFields on Calendar {
    year
    holidays
    workingWeekends
    ownHolidays
    ownWorkingWeekends
    published
  }
`);

const AdminCalendar = graphql(`
  query AdminCalendar($year: Int!) {
    organization { id calendar(year: $year) { ...CalendarFields } }
  }
`);

export default function YearCalendar() {
  const { t, i18n } = useTranslation("admin");
  const [year, setYear] = useState(() => new Date(serverNow()).getFullYear());
  const [{ data, error }, again] = useQuery({ query: AdminCalendar, variables: { year } });
  const calendar = data?.organization.calendar;
  const step = (by: number, label: string, Icon: typeof IconChevronLeft) => (
    <ActionIcon variant="default" size="lg" aria-label={label} onClick={() => setYear(year + by)}>
      <Icon size={18} aria-hidden />
    </ActionIcon>
  );
  const years = (
    <Group gap="xs">
      {step(-1, t("calendar.before"), IconChevronLeft)}
      <Text fw={600} className="sea-number" aria-live="polite">
        {year}
      </Text>
      {step(1, t("calendar.next"), IconChevronRight)}
    </Group>
  );
  return (
    <Card title={t("calendar.title")} more={t("calendar.more")} aside={years}>
      {error && !calendar && <ErrorState error={error} onRetry={() => again()} />}
      {!error && calendar?.year !== year && <LoadingList rows={4} height={120} />}
      {calendar?.year === year && (
        <Stack>
          {!calendar.published && (
            <Alert color="orange" variant="light">
              {t("calendar.unpublished", { year })}
            </Alert>
          )}
          <DatesProvider
            settings={{
              locale: i18n.language === "zh-CN" ? "zh-cn" : "en",
              firstDayOfWeek: 1,
            }}
          >
            <YearForm key={JSON.stringify(calendar)} calendar={calendar} />
          </DatesProvider>
        </Stack>
      )}
    </Card>
  );
}
