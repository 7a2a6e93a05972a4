import { Alert, Button, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Oidc } from "./config";

export function OidcButton({ oidc }: { oidc: Oidc }) {
  const { t } = useTranslation("signin");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const leave = () => {
    setBusy(true);
    import("./oidc")
      .then(({ redirectToIssuer }) => redirectToIssuer(oidc))
      .catch((error: Error) => {
        setBusy(false);
        setProblem(error.message);
      });
  };
  return (
    <Stack gap="sm">
      <Button size="md" loading={busy} onClick={leave}>
        {t("oidc", { issuer: new URL(oidc.issuer).host })}
      </Button>
      {problem && (
        <Alert color="orange" title={t("issuerUnreachable")}>
          {problem}
        </Alert>
      )}
    </Stack>
  );
}
