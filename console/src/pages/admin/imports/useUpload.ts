import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "../../../sheets/answers";
import { uploadSheet } from "../../../sheets/upload";
import type { Sheet } from "./draft";

export interface Upload {
  /** The file on its way, and how many of its bytes are sent. */
  going: { name: string; bytes: number; sent: number } | null;
  problem: string | null;
  start: (file: File) => void;
  cancel: () => void;
}

/** Sends a file, through lost connections, until it is kept or refused. */
export function useUpload(onSheet: (sheet: Sheet) => void): Upload {
  const { t } = useTranslation("common");
  const [going, setGoing] = useState<Upload["going"]>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const latest = useRef(onSheet);
  latest.current = onSheet;
  const aborter = useRef<AbortController>(null);
  const cancel = () => {
    aborter.current?.abort();
    setGoing(null);
  };
  useEffect(() => () => aborter.current?.abort(), []);

  const send = async (file: File) => {
    aborter.current = new AbortController();
    const { signal } = aborter.current;
    const named = { name: file.name, bytes: file.size };
    const tell = (sent: number) => !signal.aborted && setGoing({ ...named, sent });
    setProblem(null);
    tell(0);
    try {
      const { id, worksheets } = await uploadSheet(file, tell, signal);
      latest.current({ id, worksheets, ...named });
    } catch (error) {
      if (signal.aborted) return;
      setGoing(null);
      setProblem((error instanceof Refused && error.message) || t("failed"));
    }
  };
  return { going, problem, cancel, start: (file) => void send(file) };
}
