import { Group, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { type ComponentPropsWithRef, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Face } from "../components/Face";
import { lazyPage } from "./lazyPage";
import { useMe } from "./me";

const AccountMenu = lazyPage(() => import("./AccountMenu"));

/** The menu is loaded at the first click. */
export function Account() {
  const [wanted, setWanted] = useState(false);
  const button = <AccountButton onClick={() => setWanted(true)} />;
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <AccountMenu />
    </Suspense>
  );
}

export function AccountButton(props: ComponentPropsWithRef<"button">) {
  const { t } = useTranslation("shell");
  const { viewer } = useMe();
  return (
    <UnstyledButton aria-haspopup="menu" {...props}>
      <Group gap="xs" wrap="nowrap">
        <VisuallyHidden>{t("account", { name: viewer.name })}</VisuallyHidden>
        <Face name={viewer.name} size={34} />
        <Text size="sm" fw={500} visibleFrom="md" maw={180} truncate aria-hidden>
          {viewer.name}
        </Text>
      </Group>
    </UnstyledButton>
  );
}
