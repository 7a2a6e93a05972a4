import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "../i18n/format";
import { type AbsenceLike, absenceOn, useToday } from "./absence";

/** Nothing where the member is present today. */
export function AbsentBadge({ absences }: { absences: AbsenceLike[] }) {
  const { t } = useTranslation("common");
  const { wholeDay } = useFormat();
  const absence = absenceOn(absences, useToday());
  if (!absence) return null;
  return (
    <Badge size="sm" variant="light" color="orange" tt="none">
      {t("absentUntil", { date: wholeDay(absence.to) })}
    </Badge>
  );
}
