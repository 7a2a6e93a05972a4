import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SheetFormat } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";
import { useFormat } from "../../i18n/format";
import { Refused } from "../../sheets/answers";
import { download } from "../../sheets/download";
import { ASKING, type SheetOf } from "./sheets";

const OFTEN = 500;
const READ = 6_000;

/** Asks for the sheet, then saves what its link sends; a notification says how far it is. */
export function useExport(sheet: SheetOf) {
  const { t } = useTranslation(["exports", "common"]);
  const { fileSize } = useFormat();
  const { of, ...what } = sheet;
  const { run } = useCommand(ASKING[of], { showsRefusals: true });
  const [busy, setBusy] = useState(false);

  const take = async (url: string, rows: number | null | undefined) => {
    const aborter = new AbortController();
    const underWay = (size: string) => <UnderWay size={size} onCancel={() => aborter.abort()} />;
    const id = notifications.show({
      role: "status",
      loading: true,
      autoClose: false,
      withCloseButton: false,
      message: underWay(""),
    });
    const end = (color: string, message: string, autoClose: number | false) =>
      notifications.update({
        id,
        loading: false,
        withCloseButton: true,
        color,
        message,
        autoClose,
      });
    let next = 0;
    const onBytes = (bytes: number) => {
      if (Date.now() < next) return;
      next = Date.now() + OFTEN;
      notifications.update({ id, message: underWay(fileSize(bytes)) });
    };
    try {
      await download(url, { onBytes, signal: aborter.signal });
      end("teal", typeof rows === "number" ? t("doneRows", { count: rows }) : t("done"), READ);
    } catch (error) {
      if (aborter.signal.aborted) end("gray", t("cancelled"), READ);
      else end("red", (error instanceof Refused && error.message) || t("cut"), false);
    }
  };

  const ask = async (format: SheetFormat) => {
    setBusy(true);
    const outcome = await run({ ...what, format });
    if (outcome.kind === "done") await take(outcome.value.url, outcome.value.rows);
    if (outcome.kind === "refused") {
      const { problems, message } = outcome.refusal;
      const words = problems?.map((each) => each.message).join(" ") || message;
      notifications.show({ color: "orange", message: words, autoClose: false });
    }
    setBusy(false);
  };
  return { ask, busy };
}

interface UnderWayProps {
  size: string;
  onCancel: () => void;
}

/** Only the eye follows the size: a screen reader would hear it twice a second. */
function UnderWay({ size, onCancel }: UnderWayProps) {
  const { t } = useTranslation(["exports", "common"]);
  return (
    <Group justify="space-between" wrap="nowrap">
      <span>
        {t("begins")}{" "}
        <span aria-hidden className="sea-number">
          {size}
        </span>
      </span>
      <Button variant="default" size="compact-sm" flex="none" onClick={onCancel}>
        {t("common:cancel")}
      </Button>
    </Group>
  );
}
