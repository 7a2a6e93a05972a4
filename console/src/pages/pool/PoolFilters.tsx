import { NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PoolOrder } from "../../gql/graphql";
import type { Filters } from "./usePoolList";

export const ORDERS: PoolOrder[] = ["OPENED_LATEST", "OPENED_EARLIEST", "NAME"];

interface Props {
  filters: Filters;
  levels: string[];
  onChange: (change: Partial<Filters>) => void;
}

export function PoolFilters({ filters, levels, onChange }: Props) {
  const { t } = useTranslation("pool");
  const [text, setText] = useState(filters.search ?? "");
  const settle = useDebouncedCallback(
    (value: string) => onChange({ search: value.trim() || null }),
    300,
  );
  return (
    <search className="pool-filters">
      <TextInput
        className="pool-search"
        type="search"
        maxLength={100}
        aria-label={t("search")}
        placeholder={t("search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          settle(event.currentTarget.value);
        }}
      />
      <NativeSelect
        aria-label={t("levels.label")}
        value={filters.level ?? ""}
        onChange={(event) => onChange({ level: event.currentTarget.value || null })}
        data={[
          { value: "", label: t("levels.all") },
          ...levels.map((level) => ({ value: level, label: t("level", { level }) })),
        ]}
      />
      <NativeSelect
        aria-label={t("order.label")}
        value={filters.orderBy}
        onChange={(event) => onChange({ orderBy: event.currentTarget.value as PoolOrder })}
        data={ORDERS.map((value) => ({ value, label: t(`order.${value}`) }))}
      />
    </search>
  );
}
