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
    const said = t("begins");
    const id = notifications.show({
      role: "status",
      loading: true,
      autoClose: false,
      message: said,
    });
    const end = (color: string, message: string, autoClose: number | false) =>
      notifications.update({ id, loading: false, color, message, autoClose });
    let next = 0;
    try {
      await download(url, (bytes) => {
        if (Date.now() < next) return;
        next = Date.now() + OFTEN;
        notifications.update({ id, message: <Arrived said={said} size={fileSize(bytes)} /> });
      });
      end("teal", typeof rows === "number" ? t("doneRows", { count: rows }) : t("done"), READ);
    } catch (error) {
      end("red", (error instanceof Refused && error.message) || t("cut"), false);
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

/** Only the eye follows the size: a screen reader would hear it twice a second. */
function Arrived({ said, size }: { said: string; size: string }) {
  return (
    <>
      {said}{" "}
      <span aria-hidden className="sea-number">
        {size}
      </span>
    </>
  );
}
