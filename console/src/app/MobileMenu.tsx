import { Drawer } from "@mantine/core";
import { useMe } from "./me";
import { Navigation } from "./Navigation";

/** All pages, on narrow screens. */
export default function MobileMenu({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { organization } = useMe();
  return (
    <Drawer opened={opened} onClose={onClose} title={organization.name} size="xs" hiddenFrom="sm">
      <Navigation />
    </Drawer>
  );
}
