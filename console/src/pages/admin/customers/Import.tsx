import { Button, FileButton, Group, NativeSelect, Stack, Text, Textarea } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../app/me";
import { Card } from "../../../components/Card";
import { graphql } from "../../../gql";
import { type RefusalLike, useCommand } from "../../../graphql/useCommand";
import { useFormat } from "../../../i18n/format";
import { ImportProblems } from "./ImportProblems";
import { MOST_BYTES, readText, sizeOf } from "./readFile";

const ImportCustomers = graphql(`
  mutation ImportCustomers($poolId: ID!, $csv: String!) {
    importCustomers(poolId: $poolId, csv: $csv) {
      ... on Imported { count }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

/** A text of more than this is not shown for editing: the browser would crawl. */
const MOST_SHOWN = 200_000;

export default function Import() {
  const { t } = useTranslation("admin");
  const { number } = useFormat();
  const { administered } = useMe();
  const [poolId, setPoolId] = useState(administered[0]?.id ?? "");
  const [csv, setCsv] = useState("");
  const [file, setFile] = useState<string>();
  const [refusal, setRefusal] = useState<RefusalLike | null>(null);
  const { run, busy } = useCommand(ImportCustomers, {
    showsRefusals: true,
    done: ({ count }) => t("import.done", { count }),
  });
  const take = (text: string, name?: string) => {
    setCsv(text);
    setFile(name);
    setRefusal(null);
  };
  const send = async () => {
    const outcome = await run({ poolId, csv });
    if (outcome.kind === "done") take("");
    if (outcome.kind === "refused") setRefusal(outcome.refusal);
  };
  const tooLarge = sizeOf(csv) > MOST_BYTES;
  const rows = csv.split("\n").filter((line) => line.trim()).length - 1;
  return (
    <Stack>
      <Card title={t("import.title")} more={t("import.more")}>
        <Text size="sm">{t("import.columns")}</Text>
        <Group align="flex-end" gap="sm">
          <NativeSelect
            flex="1 1 200px"
            maw={320}
            label={t("import.pool")}
            value={poolId}
            onChange={(event) => setPoolId(event.currentTarget.value)}
            data={administered.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <FileButton
            accept=".csv,.txt,text/csv,text/plain"
            onChange={(chosen) =>
              chosen && void readText(chosen).then((text) => take(text, chosen.name))
            }
          >
            {(props) => (
              <Button
                {...props}
                variant="default"
                leftSection={<IconFileUpload size={18} aria-hidden />}
              >
                {t("import.file")}
              </Button>
            )}
          </FileButton>
        </Group>
        {csv.length <= MOST_SHOWN && (
          <Textarea
            label={t("import.paste")}
            placeholder={t("import.example")}
            value={csv}
            onChange={(event) => take(event.currentTarget.value, file)}
            autosize
            minRows={6}
            maxRows={14}
            spellCheck={false}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          />
        )}
        {file && <Text size="sm">{t("import.chosen", { file, size: number(sizeOf(csv)) })}</Text>}
        {tooLarge && (
          <Text size="sm" c="var(--sea-soon)" role="alert">
            {t("import.tooLarge")}
          </Text>
        )}
        <Group>
          <Button loading={busy} disabled={rows < 1 || tooLarge} onClick={() => void send()}>
            {rows < 1 ? t("import.send") : t("import.sendRows", { count: rows })}
          </Button>
          {csv && (
            <Button variant="default" onClick={() => take("")}>
              {t("import.clear")}
            </Button>
          )}
        </Group>
      </Card>
      {refusal && <ImportProblems refusal={refusal} csv={csv} />}
    </Stack>
  );
}
