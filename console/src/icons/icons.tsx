// Icons of Tabler, whose package brings 6,000. What they mean stands beside them in words.
import type { SVGProps } from "react";
import paths from "./paths.json";

interface Props extends Omit<SVGProps<SVGSVGElement>, "stroke"> {
  size?: number;
  /** How wide its lines are. */
  stroke?: number;
}

const icon =
  (lines: string[]) =>
  ({ size = 24, stroke = 2, color = "currentColor", ...others }: Props) => (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke={color}
      strokeWidth={stroke}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      {...others}
    >
      {lines.map((line) => (
        <path key={line} d={line} />
      ))}
    </svg>
  );

export const IconAddressBook = icon(paths.IconAddressBook);
export const IconAdjustments = icon(paths.IconAdjustments);
export const IconAlertTriangle = icon(paths.IconAlertTriangle);
export const IconArrowBackUp = icon(paths.IconArrowBackUp);
export const IconArrowsExchange = icon(paths.IconArrowsExchange);
export const IconBeach = icon(paths.IconBeach);
export const IconBell = icon(paths.IconBell);
export const IconBulb = icon(paths.IconBulb);
export const IconCalendarEvent = icon(paths.IconCalendarEvent);
export const IconCalendarPlus = icon(paths.IconCalendarPlus);
export const IconCheck = icon(paths.IconCheck);
export const IconChevronDown = icon(paths.IconChevronDown);
export const IconChevronLeft = icon(paths.IconChevronLeft);
export const IconChevronRight = icon(paths.IconChevronRight);
export const IconCircleCheck = icon(paths.IconCircleCheck);
export const IconClockExclamation = icon(paths.IconClockExclamation);
export const IconCloudOff = icon(paths.IconCloudOff);
export const IconDots = icon(paths.IconDots);
export const IconDownload = icon(paths.IconDownload);
export const IconEraser = icon(paths.IconEraser);
export const IconFileSpreadsheet = icon(paths.IconFileSpreadsheet);
export const IconFileText = icon(paths.IconFileText);
export const IconFileUpload = icon(paths.IconFileUpload);
export const IconFolderShare = icon(paths.IconFolderShare);
export const IconGitMerge = icon(paths.IconGitMerge);
export const IconHandGrab = icon(paths.IconHandGrab);
export const IconHourglass = icon(paths.IconHourglass);
export const IconInfoCircle = icon(paths.IconInfoCircle);
export const IconKey = icon(paths.IconKey);
export const IconLock = icon(paths.IconLock);
export const IconLockOpen = icon(paths.IconLockOpen);
export const IconLogout = icon(paths.IconLogout);
export const IconMail = icon(paths.IconMail);
export const IconMapPin = icon(paths.IconMapPin);
export const IconMessage = icon(paths.IconMessage);
export const IconMessage2 = icon(paths.IconMessage2);
export const IconMoon = icon(paths.IconMoon);
export const IconPencil = icon(paths.IconPencil);
export const IconPhone = icon(paths.IconPhone);
export const IconPlus = icon(paths.IconPlus);
export const IconRefresh = icon(paths.IconRefresh);
export const IconRipple = icon(paths.IconRipple);
export const IconRosetteDiscountCheck = icon(paths.IconRosetteDiscountCheck);
export const IconSearch = icon(paths.IconSearch);
export const IconSettings = icon(paths.IconSettings);
export const IconSitemap = icon(paths.IconSitemap);
export const IconSun = icon(paths.IconSun);
export const IconTerminal2 = icon(paths.IconTerminal2);
export const IconTrophy = icon(paths.IconTrophy);
export const IconUser = icon(paths.IconUser);
export const IconUserCheck = icon(paths.IconUserCheck);
export const IconUserPlus = icon(paths.IconUserPlus);
export const IconUsers = icon(paths.IconUsers);
export const IconWaveSine = icon(paths.IconWaveSine);
export const IconWebhook = icon(paths.IconWebhook);
export const IconX = icon(paths.IconX);
