import { Group, Indicator } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { useAlerts } from "./alerts";
import { PLACES } from "./places";

/** The bottom bar of narrow screens: what a salesperson needs all day. */
export function Tabs() {
  const { t } = useTranslation("shell");
  const { unread } = useAlerts();
  return (
    <Group gap={0} h="100%" wrap="nowrap">
      {PLACES.filter((place) => place.tab).map(({ path, text, icon: Icon }) => (
        <NavLink key={path} to={path} className="sea-tab">
          <Indicator
            disabled={path !== "/alerts" || unread === 0}
            label={unread > 99 ? "99+" : unread}
            size={16}
            offset={4}
          >
            <Icon size={22} stroke={1.6} aria-hidden />
          </Indicator>
          {t(`tab.${text}`)}
        </NavLink>
      ))}
    </Group>
  );
}
