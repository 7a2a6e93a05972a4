import { Button, Collapse, Stack, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { signIn } from "./session";

export function PastedToken({ open }: { open: boolean }) {
  const { t } = useTranslation("signin");
  const [opened, { toggle }] = useDisclosure(open);
  const [token, setToken] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const bare = token.trim().replace(/^Bearer\s+/i, "");
    if (bare) signIn(bare);
  };
  return (
    <div>
      {!open && (
        <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={opened}>
          {t("withToken")}
        </Button>
      )}
      <Collapse expanded={opened}>
        <form onSubmit={submit}>
          <Stack gap="sm" mt={open ? 0 : "sm"}>
            <Textarea
              label={t("token")}
              description={t("tokenMore")}
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              autosize
              minRows={2}
              maxRows={5}
              spellCheck={false}
              autoComplete="off"
            />
            <Button type="submit" disabled={!token.trim()}>
              {t("signIn")}
            </Button>
          </Stack>
        </form>
      </Collapse>
    </div>
  );
}
