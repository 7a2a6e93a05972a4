// What somebody types stays in this tab until it is sent: no reload or sign-out loses it.
import { useCallback, useEffect, useState } from "react";

const PREFIX = "seapool.draft.";

function read<Value>(key: string, empty: Value): Value {
  const stored = sessionStorage.getItem(PREFIX + key);
  return stored ? (JSON.parse(stored) as Value) : empty;
}

/** `empty`: a value that stays the same between renderings; `first`: in place of what is kept. */
export function useDraft<Value>(key: string, empty: Value, first?: Value) {
  const [value, setValue] = useState(() => first ?? read(key, empty));
  useEffect(() => {
    const text = JSON.stringify(value);
    if (text === JSON.stringify(empty)) sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, text);
  }, [key, value, empty]);
  const clear = useCallback(() => setValue(empty), [empty]);
  return [value, setValue, clear] as const;
}
