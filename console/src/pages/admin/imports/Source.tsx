import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Card } from "../../../components/Card";
import type { Sheet } from "./draft";
import { FileDrop } from "./FileDrop";
import { Sending } from "./Sending";
import { useUpload } from "./useUpload";

/** A longer text is sent at once: it would make the page slow, and a tab keeps no more. */
const MOST_SHOWN = 200_000;

interface Props {
  text: string;
  onText: (text: string) => void;
  onSheet: (sheet: Sheet) => void;
}

/** A file, or cells copied from a spreadsheet. */
export function Source({ text, onText, onSheet }: Props) {
  const { t } = useTranslation("import");
  const upload = useUpload(onSheet);
  const send = (pasted: string) => upload.start(new File([pasted], t("pasted")));
  const type = (typed: string) => (typed.length > MOST_SHOWN ? send(typed) : onText(typed));
  return (
    <Card title={t("title")} more={t("more")}>
      {upload.going ? (
        <Sending going={upload.going} onCancel={upload.cancel} />
      ) : (
        <Stack gap="sm">
          <FileDrop onFile={upload.start} />
          {upload.problem && (
            <Text size="sm" c="var(--sea-soon)" role="alert">
              {upload.problem}
            </Text>
          )}
          <Textarea
            label={t("paste")}
            description={t("columns")}
            placeholder={t("example")}
            value={text}
            onChange={(event) => type(event.currentTarget.value)}
            autosize
            minRows={4}
            maxRows={14}
            spellCheck={false}
            classNames={{ input: "import-text" }}
          />
          <Group>
            <Button disabled={!text.trim()} onClick={() => send(text)}>
              {t("look")}
            </Button>
            {text && (
              <Button variant="default" onClick={() => onText("")}>
                {t("common:clear")}
              </Button>
            )}
          </Group>
        </Stack>
      )}
    </Card>
  );
}
