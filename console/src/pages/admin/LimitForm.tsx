import { Button, Group, NumberInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../components/Card";
import { fieldErrors, type RefusalLike } from "../../graphql/useCommand";

interface Props {
  title: string;
  more: string;
  suffix: string;
  saved: number;
  busy: boolean;
  /** The argument of the API at which it names problems. */
  field: string;
  onSave: (value: number) => Promise<{ kind: string; refusal?: RefusalLike }>;
}

/** One number of the organization; what the API finds wrong with it stands at the field. */
export function LimitForm({ title, more, suffix, saved, busy, field, onSave }: Props) {
  const { t } = useTranslation("common");
  const [value, setValue] = useState<string | number>(saved);
  const [problem, setProblem] = useState<string>();
  const save = async () => {
    const { refusal } = await onSave(Number(value));
    if (refusal) setProblem(fieldErrors(refusal)[field] ?? refusal.message);
  };
  return (
    <Card title={title} more={more}>
      <Group align="flex-start" gap="sm">
        <NumberInput
          w={220}
          aria-label={title}
          suffix={suffix}
          allowDecimal={false}
          allowNegative={false}
          value={value}
          error={problem}
          onChange={(each) => {
            setValue(each);
            setProblem(undefined);
          }}
        />
        <Button
          loading={busy}
          disabled={value === "" || Number(value) === saved}
          onClick={() => void save()}
        >
          {t("save")}
        </Button>
      </Group>
    </Card>
  );
}
