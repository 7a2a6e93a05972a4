// The filters stand in the address: a reload or the way back from a customer keeps them.
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useSearchParams } from "react-router";
import type { PoolOrder } from "../../gql/graphql";
import { ORDERS } from "./PoolFilters";
import type { Filters } from "./usePoolList";

const FIRST: PoolOrder = "OPENED_LATEST";

export function useFilters(): [Filters, (change: Partial<Filters>) => void] {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => {
    const order = params.get("order");
    return {
      search: params.get("search"),
      level: params.get("level"),
      orderBy: ORDERS.find((each) => each === order) ?? FIRST,
    };
  }, [params]);
  // A change counts before the address shows it: two can come between two renders.
  const latest = useRef<Filters>(filters);
  useEffect(() => {
    latest.current = filters;
  }, [filters]);
  const change = useCallback(
    (changed: Partial<Filters>) => {
      latest.current = { ...latest.current, ...changed };
      const { search, level, orderBy } = latest.current;
      const next = new URLSearchParams();
      if (search) next.set("search", search);
      if (level) next.set("level", level);
      if (orderBy !== FIRST) next.set("order", orderBy);
      setParams(next, { replace: true });
    },
    [setParams],
  );
  return [filters, change];
}
