import { ActionIcon, Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { type ComponentPropsWithRef, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { lazyPage } from "../../app/lazyPage";
import type { SheetOf } from "./sheets";

const ExportMenu = lazyPage(() => import("./ExportMenu"));

interface Look {
  /** What is exported, where the page has several of these buttons. */
  label?: string;
  size?: "xs" | "sm";
  /** An icon only; it needs the label. */
  compact?: boolean;
  loading?: boolean;
}

export interface ExportProps extends Omit<Look, "loading"> {
  sheet: SheetOf;
}

/** A button that makes a sheet of what the page shows; its menu is loaded at the first click. */
export function Export({ sheet, ...look }: ExportProps) {
  const [wanted, setWanted] = useState(false);
  if (!wanted) return <ExportButton {...look} onClick={() => setWanted(true)} />;
  return (
    <Suspense fallback={<ExportButton {...look} loading />}>
      <ExportMenu sheet={sheet} {...look} />
    </Suspense>
  );
}

export function ExportButton({
  label,
  size = "sm",
  compact = false,
  ...props
}: Look & ComponentPropsWithRef<"button">) {
  const { t } = useTranslation("common");
  const named = { "aria-haspopup": "menu", "aria-label": label, variant: "default" } as const;
  const icon = <IconDownload size={16} stroke={1.7} aria-hidden />;
  if (compact) {
    return (
      <ActionIcon {...named} {...props}>
        {icon}
      </ActionIcon>
    );
  }
  return (
    <Button {...named} size={size} leftSection={icon} {...props}>
      {t("export")}
    </Button>
  );
}
