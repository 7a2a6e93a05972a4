import { Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../components/ConfirmDialog";

export interface DecideProps {
  /** What is decided, for the buttons' names. */
  of: string;
  kind: "extension" | "deal";
  busy: boolean;
  onDecide: (approve: boolean, note: string | null) => Promise<unknown>;
}

/** Yes at once; no with a note to the owner. */
export function Decide({ of, kind, busy, onDecide }: DecideProps) {
  const { t } = useTranslation("team");
  const [declining, setDeclining] = useState(false);
  const [note, setNote] = useState("");
  const decline = async () => {
    await onDecide(false, note.trim() || null);
    setDeclining(false);
  };
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="sm"
        loading={busy}
        onClick={() => void onDecide(true, null)}
        aria-label={t(`${kind}.approveOf`, { name: of })}
      >
        {t(`${kind}.approve`)}
      </Button>
      <Button
        size="sm"
        variant="default"
        disabled={busy}
        onClick={() => setDeclining(true)}
        aria-label={t(`${kind}.declineOf`, { name: of })}
      >
        {t("decline")}
      </Button>
      <ConfirmDialog
        opened={declining}
        title={t(`${kind}.declineOf`, { name: of })}
        confirm={t("decline")}
        busy={busy}
        onConfirm={() => void decline()}
        onClose={() => setDeclining(false)}
      >
        <Textarea
          label={t("note")}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          autosize
          minRows={2}
          maxLength={2_000}
        />
      </ConfirmDialog>
    </Group>
  );
}
