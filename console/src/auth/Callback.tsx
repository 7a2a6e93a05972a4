import { Alert, Stack } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { LoadingList } from "../components/LoadingList";
import type { Oidc } from "./config";
import { OidcButton } from "./OidcButton";

/** The issuer sent the person back: trade the code for a token, once. */
export function Callback({ oidc }: { oidc: Oidc }) {
  const { t } = useTranslation("signin");
  const navigate = useNavigate();
  const [problem, setProblem] = useState<string>();
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    import("./oidc")
      .then(({ finishSignIn }) => finishSignIn(oidc))
      .then((path) => navigate(path, { replace: true }))
      .catch((error: Error) => setProblem(error.message));
  }, [oidc, navigate]);
  if (!problem) return <LoadingList rows={2} />;
  return (
    <Stack mb="lg">
      <Alert color="orange" title={t("issuerRefused")}>
        {problem}
      </Alert>
      <OidcButton oidc={oidc} />
    </Stack>
  );
}
