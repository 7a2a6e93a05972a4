import { Button, Group, Modal, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  opened: boolean;
  title: string;
  /** What will happen, in words. */
  children?: ReactNode;
  confirm: string;
  danger?: boolean;
  busy?: boolean;
  disabled?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog({
  opened,
  title,
  children,
  confirm,
  danger,
  busy,
  disabled,
  ...on
}: Props) {
  const { t } = useTranslation("common");
  return (
    <Modal opened={opened} onClose={on.onClose} title={title} centered>
      <Stack>
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={on.onClose}>
            {t("cancel")}
          </Button>
          <Button
            color={danger ? "red" : undefined}
            loading={busy}
            disabled={disabled}
            onClick={on.onConfirm}
            data-autofocus
          >
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
