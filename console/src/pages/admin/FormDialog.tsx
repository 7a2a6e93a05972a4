import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  title: string;
  children: ReactNode;
  /** What is wrong and belongs to no field. */
  problem?: string | undefined;
  busy: boolean;
  disabled?: boolean;
  onSend: () => Promise<void>;
  onClose: () => void;
}

/** A form in a dialog: Enter sends it. */
export function FormDialog({ title, children, problem, busy, disabled, onSend, onClose }: Props) {
  const { t } = useTranslation("common");
  const send = (event: FormEvent) => {
    event.preventDefault();
    void onSend();
  };
  return (
    <Modal
      opened
      centered
      title={title}
      onClose={onClose}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <form onSubmit={send} noValidate>
        <Stack>
          {children}
          {problem && (
            <Text size="sm" c="var(--sea-soon)" role="alert">
              {problem}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={disabled}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
