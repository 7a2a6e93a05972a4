// Where a subscription begins: behind what was read, so that nothing between is missed.
import { useEffect, useState } from "react";
import { RESYNC } from "./live";

const PAUSE = 3_000;

/** The first cursor that is known; after a RESYNC another one, or after a pause the same. */
export function useStart(feedCursor: string | undefined): string | undefined {
  const [start, setStart] = useState(feedCursor);
  const [refused, setRefused] = useState<string>();
  if (start === undefined && feedCursor !== undefined && feedCursor !== refused) {
    setStart(feedCursor);
  }
  useEffect(() => {
    const anew = () => {
      setRefused((before) => start ?? before);
      setStart(undefined);
      setTimeout(() => setRefused(undefined), PAUSE);
    };
    window.addEventListener(RESYNC, anew);
    return () => window.removeEventListener(RESYNC, anew);
  }, [start]);
  return start;
}
