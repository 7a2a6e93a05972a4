// What somebody types stays in this tab until it is sent: no reload or sign-out loses it.
import { useCallback, useEffect, useState } from "react";

const PREFIX = "seapool.draft.";

function read<Value>(key: string, empty: Value): Value {
  const stored = sessionStorage.getItem(PREFIX + key);
  return stored ? (JSON.parse(stored) as Value) : empty;
}

export function useDraft<Value>(key: string, empty: Value) {
  const [value, setValue] = useState(() => read(key, empty));
  useEffect(() => {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
  }, [key, value]);
  const clear = useCallback(() => {
    setValue(empty);
    sessionStorage.removeItem(PREFIX + key);
  }, [key, empty]);
  return [value, setValue, clear] as const;
}
