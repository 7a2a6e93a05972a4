import { Button, CopyButton, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Props {
  secret: string;
  onClose: () => void;
}

/** The key that signs the messages: no click beside the dialog makes it vanish. */
export function Secret({ secret, onClose }: Props) {
  const { t } = useTranslation("admin");
  return (
    <Modal
      opened
      centered
      title={t("webhooks.secret")}
      onClose={onClose}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text size="sm">{t("webhooks.secretMore")}</Text>
        <code className="webhook-secret">{secret}</code>
        <Group justify="flex-end">
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? t("webhooks.copied") : t("webhooks.copy")}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{t("webhooks.kept")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
