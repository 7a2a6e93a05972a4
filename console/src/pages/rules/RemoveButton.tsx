import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";

export function RemoveButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <IconX size={18} stroke={1.6} />
    </ActionIcon>
  );
}
