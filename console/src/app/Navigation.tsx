import { Badge, NavLink, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { useAlerts } from "./alerts";
import { useMe } from "./me";
import { placesOf } from "./places";

export function Navigation() {
  const { t } = useTranslation("shell");
  const { unread } = useAlerts();
  const { pathname } = useLocation();
  return (
    <Stack gap={4}>
      {placesOf(useMe()).map(({ path, text, icon: Icon }) => (
        <NavLink
          key={path}
          component={Link}
          to={path}
          className="sea-nav-link"
          aria-current={isOwn(pathname, path) ? "page" : undefined}
          label={t(text)}
          leftSection={<Icon size={20} stroke={1.6} aria-hidden />}
          rightSection={path === "/alerts" && unread > 0 && <Unread count={unread} />}
        />
      ))}
    </Stack>
  );
}

function isOwn(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(`${path}/`);
}

function Unread({ count }: { count: number }) {
  const { t } = useTranslation("shell");
  return (
    <Badge size="sm" circle={count < 10} aria-label={t("unread", { count })}>
      {count > 99 ? "99+" : count}
    </Badge>
  );
}
