import { Menu } from "@mantine/core";
import { IconFileSpreadsheet, IconFileText } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { SheetFormat } from "../../gql/graphql";
import { ExportButton, type ExportProps } from "./Export";
import { useExport } from "./useExport";

const FORMATS: { format: SheetFormat; icon: typeof IconFileText }[] = [
  { format: "XLSX", icon: IconFileSpreadsheet },
  { format: "CSV", icon: IconFileText },
];

export default function ExportMenu({ sheet, ...look }: ExportProps) {
  const { t } = useTranslation("exports");
  const { ask, busy } = useExport(sheet);
  return (
    <Menu position="bottom-end" width={260} defaultOpened>
      <Menu.Target>
        <ExportButton {...look} loading={busy} />
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(({ format, icon: Icon }) => (
          <Menu.Item
            key={format}
            leftSection={<Icon size={18} aria-hidden />}
            onClick={() => void ask(format)}
          >
            {t(`format.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
