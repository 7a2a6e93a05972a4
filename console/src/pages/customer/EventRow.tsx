import { Text, ThemeIcon } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowsExchange,
  IconBell,
  IconCalendarPlus,
  IconEraser,
  IconFolderShare,
  IconGitMerge,
  IconHandGrab,
  IconKey,
  IconLock,
  IconLockOpen,
  IconMessage,
  IconMessage2,
  IconPencil,
  IconPlus,
  IconTrophy,
  IconUserCheck,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Action, HistoryEventFragment } from "../../gql/graphql";
import { useFormat } from "../../i18n/format";

const ICONS: Record<Action, typeof IconPlus> = {
  CREATED: IconPlus,
  UPDATED: IconPencil,
  MOVED: IconFolderShare,
  CLAIMED: IconHandGrab,
  ASSIGNED: IconUserCheck,
  TRANSFERRED: IconArrowsExchange,
  FOLLOWED_UP: IconMessage,
  WON: IconTrophy,
  LOCKED: IconLock,
  UNLOCKED: IconLockOpen,
  EXTENDED: IconCalendarPlus,
  REMINDED: IconBell,
  RELEASED: IconArrowBackUp,
  KEY_RELEASED: IconKey,
  MERGED: IconGitMerge,
  ERASED: IconEraser,
  COMMENTED: IconMessage2,
};

/** Who did what, and why; what nobody did, a rule did. */
export function EventRow({ event }: { event: HistoryEventFragment }) {
  const { t, i18n } = useTranslation(["customer", "common"]);
  const { dateTime } = useFormat();
  const { action, reason, actor, member } = event;
  const Icon = ICONS[action];
  const known = reason && i18n.exists(`common:reason.${reason}`);
  const why = known ? t(`common:reason.${reason}`) : reason;
  const given = action === "RELEASED" && actor && actor.id === member?.id;
  const by = given ? "own" : actor ? "person" : "rule";
  return (
    <>
      <ThemeIcon className="timeline-mark" size={28} radius="xl" variant="light" aria-hidden>
        <Icon size={16} stroke={1.6} />
      </ThemeIcon>
      <Text size="sm" lh="28px">
        {t(`event.${action}.${by}`, { actor: actor?.name, member: member?.name ?? t("somebody") })}
      </Text>
      {why && <Text size="sm">{action === "COMMENTED" ? why : t("why", { why })}</Text>}
      <Text size="xs" c="dimmed" component="time" dateTime={event.at} display="block">
        {dateTime(event.at)}
      </Text>
    </>
  );
}
