import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Props {
  pools: { id: string; name: string }[];
  value: string;
  onChange: (id: string) => void;
}

/** Nothing to choose where there is one pool only. */
export function PoolChoice({ pools, value, onChange }: Props) {
  const { t } = useTranslation("shell");
  if (pools.length < 2) return null;
  return (
    <NativeSelect
      aria-label={t("pool")}
      maw={280}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={pools.map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
}
