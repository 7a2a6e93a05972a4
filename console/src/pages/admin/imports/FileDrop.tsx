import { Button, Stack, Text } from "@mantine/core";
import { Dropzone, type FileRejection } from "@mantine/dropzone";
import "@mantine/dropzone/styles.layer.css";
import { IconFileUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MOST_BYTES } from "../../../sheets/upload";

// By their endings too: where no Excel is installed, a browser knows no type of its files.
const KINDS = {
  "text/csv": [".csv"],
  "text/plain": [".txt"],
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": [".xlsx"],
};
const REASONS = ["file-invalid-type", "file-too-large", "too-many-files"] as const;

/** One file, dropped here or chosen by the button. */
export function FileDrop({ onFile }: { onFile: (file: File) => void }) {
  const { t } = useTranslation("import");
  const [problem, setProblem] = useState<string | null>(null);
  const refuse = (rejected: FileRejection[]) => {
    const codes = rejected.flatMap(({ errors }) => errors.map(({ code }) => code));
    const reason = REASONS.find((each) => codes.includes(each)) ?? REASONS[0];
    setProblem(t(`reject.${reason}`));
  };
  return (
    <>
      <Dropzone
        accept={KINDS}
        maxSize={MOST_BYTES}
        multiple={false}
        activateOnKeyboard={false}
        enablePointerEvents
        onDrop={([file]) => file && onFile(file)}
        onReject={refuse}
        inputProps={{ "aria-label": t("choose"), tabIndex: -1 }}
      >
        <Stack align="center" gap={8} py="md">
          <IconFileUpload size={36} stroke={1.3} color="var(--sea-quiet)" aria-hidden />
          <Text fw={600} ta="center">
            {t("drop")}
          </Text>
          {/* Its click opens the dialog where it arrives: at the zone around it. */}
          <Button variant="light">{t("choose")}</Button>
          <Text size="sm" c="dimmed" ta="center">
            {t("limits")}
          </Text>
        </Stack>
      </Dropzone>
      {problem && (
        <Text size="sm" c="var(--sea-soon)" role="alert">
          {problem}
        </Text>
      )}
    </>
  );
}
