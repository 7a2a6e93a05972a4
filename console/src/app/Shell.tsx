import { AppShell, Badge, Burger, Group, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import logo from "../logo.svg";
import { lazyPage } from "./lazyPage";
import { useMe } from "./me";
import { Navigation } from "./Navigation";
import { OfflineBanner } from "./OfflineBanner";
import { Preferences } from "./Preferences";
import { Tabs } from "./Tabs";

const MobileMenu = lazyPage(() => import("./MobileMenu"));

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation("shell");
  const { organization } = useMe();
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu
  useEffect(close, [pathname]);
  const [wanted, setWanted] = useState(false);
  const onMenu = () => {
    setWanted(true);
    toggle();
  };
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: true } }}
      footer={{ height: { base: 60, sm: 0 } }}
      padding={{ base: "sm", sm: "lg" }}
    >
      <a className="sea-skip" href="#main">
        {t("skip")}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={opened}
              onClick={onMenu}
              hiddenFrom="sm"
              size="sm"
              aria-label={t("menu")}
            />
            <UnstyledButton component={Link} flex="none" to="/customers" aria-label="Seapool">
              <Group gap="xs" wrap="nowrap">
                <img src={logo} alt="" width={30} height={30} />
                <Text fw={700} size="lg" component="span" style={{ whiteSpace: "nowrap" }}>
                  Seapool
                </Text>
              </Group>
            </UnstyledButton>
            <Badge variant="light" visibleFrom="sm" miw={0} tt="none" fw={500} size="lg">
              {organization.name}
            </Badge>
          </Group>
          <Preferences />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar visibleFrom="sm" p="sm" component="nav" aria-label={t("navigation")}>
        <Navigation />
      </AppShell.Navbar>
      {wanted && (
        <Suspense fallback={null}>
          <MobileMenu opened={opened} onClose={close} />
        </Suspense>
      )}
      <AppShell.Main id="main" tabIndex={-1}>
        <OfflineBanner />
        {children}
      </AppShell.Main>
      <AppShell.Footer hiddenFrom="sm" component="nav" aria-label={t("mainPages")}>
        <Tabs />
      </AppShell.Footer>
    </AppShell>
  );
}
