import { Drawer } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "./me";
import { Navigation } from "./Navigation";

/** All pages, on narrow screens. */
export default function MobileMenu({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("common");
  const { organization } = useMe();
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={organization.name}
      size="xs"
      hiddenFrom="sm"
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Navigation />
    </Drawer>
  );
}
