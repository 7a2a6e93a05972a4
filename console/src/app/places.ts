// Where the navigation leads, and for whom.
import {
  IconAddressBook,
  IconAdjustments,
  IconBell,
  IconRipple,
  IconSettings,
  IconUserPlus,
  IconUsers,
} from "@tabler/icons-react";
import type { MeValue } from "./me";

export const PLACES = [
  { path: "/customers", text: "customers", icon: IconAddressBook, tab: true },
  { path: "/pool", text: "pool", icon: IconRipple, tab: true },
  { path: "/alerts", text: "alerts", icon: IconBell, tab: true },
  { path: "/register", text: "register", icon: IconUserPlus, tab: true },
  { path: "/rules", text: "rules", icon: IconAdjustments, tab: false },
  { path: "/team", text: "team", icon: IconUsers, tab: false },
  { path: "/admin", text: "admin", icon: IconSettings, tab: false },
] as const;

export type Place = (typeof PLACES)[number];

export function placesOf(me: MeValue): Place[] {
  return PLACES.filter(({ path }) => {
    if (path === "/rules") return me.administered.length > 0 || me.leads;
    if (path === "/team") return me.administered.length > 0 || me.leads || me.led.length > 0;
    if (path === "/admin") return me.isAdmin || me.administered.length > 0;
    return true;
  });
}
