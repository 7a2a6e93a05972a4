// The customers that are chosen for one claim: as many as the API takes at once.
import { useCallback, useMemo, useState } from "react";

export const MOST_AT_ONCE = 100;

export function useSelection(isHere: (id: string) => boolean) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback(
    (id: string, selected: boolean) =>
      setChosen((all) => {
        const next = new Set(all);
        if (selected && next.size < MOST_AT_ONCE) next.add(id);
        if (!selected) next.delete(id);
        return next;
      }),
    [],
  );
  const choose = useCallback((ids: string[]) => setChosen(new Set(ids.slice(0, MOST_AT_ONCE))), []);
  // A customer that a colleague has claimed meanwhile is no longer among them.
  const selected = useMemo(() => [...chosen].filter(isHere), [chosen, isHere]);
  return { selected, toggle, choose };
}
