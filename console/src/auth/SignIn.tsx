import { Alert, Center, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { LanguageSwitch } from "../app/LanguageSwitch";
import { ThemeSwitch } from "../app/ThemeSwitch";
import { LoadingList } from "../components/LoadingList";
import logo from "../logo.svg";
import { Callback } from "./Callback";
import { loadConfig, useLoaded } from "./config";
import { DemoPeople } from "./DemoPeople";
import { OidcButton } from "./OidcButton";
import { PastedToken } from "./PastedToken";
import { CALLBACK, SIGNED_OUT } from "./paths";
import type { Leaving } from "./session";

export function SignIn({ left: leaving }: { left: Leaving | undefined }) {
  const { t } = useTranslation("signin");
  const { pathname } = useLocation();
  const left = pathname === SIGNED_OUT ? "chosen" : leaving;
  const config = useLoaded(loadConfig);
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={520} gap="lg">
        <Group justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <img src={logo} alt="" width={44} height={44} />
            <div>
              <Title order={1}>Seapool</Title>
              <Text c="dimmed" size="sm">
                {t("subtitle")}
              </Text>
            </div>
          </Group>
          <Group gap={0} wrap="nowrap">
            <LanguageSwitch />
            <ThemeSwitch />
          </Group>
        </Group>
        {left && (
          <Alert color={left === "refused" ? "orange" : "deepSea"} role="alert">
            {t(left)}
          </Alert>
        )}
        <Paper withBorder p={{ base: "md", sm: "lg" }}>
          {config === undefined && <LoadingList rows={3} />}
          {config?.oidc && pathname === CALLBACK && <Callback oidc={config.oidc} />}
          <Stack gap="lg">
            {config?.demo && <DemoPeople />}
            {config?.oidc && pathname !== CALLBACK && <OidcButton oidc={config.oidc} />}
            {config !== undefined && <PastedToken open={!config?.demo && !config?.oidc} />}
          </Stack>
        </Paper>
        {config && (
          <Text size="xs" c="dimmed" ta="center">
            Seapool {config.version}
          </Text>
        )}
      </Stack>
    </Center>
  );
}
