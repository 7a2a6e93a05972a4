import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import type { Draft, Field } from "./draft";
import type { Errors } from "./useRegister";

interface Props {
  draft: Draft;
  poolId: string;
  errors: Errors;
  busy: boolean;
  /** Stands below the name where the screen is narrow. */
  belowName: ReactNode;
  onType: (field: Field, value: string) => void;
  onFocus: (field: Field | null) => void;
  onPool: (id: string) => void;
  onClear: () => void;
  onSubmit: () => void;
}

/** What a browser or a phone needs to know of each field. */
const FIELDS: [Field, { type?: string; autoCapitalize?: string; wide?: boolean }][] = [
  ["name", { wide: true }],
  ["registrationNumber", { autoCapitalize: "characters" }],
  ["level", {}],
  ["person", {}],
  ["phone", { type: "tel" }],
  ["email", { type: "email", wide: true }],
];

export function RegisterForm({ draft, poolId, errors, busy, belowName, ...on }: Props) {
  const { t } = useTranslation("register");
  const { pools } = useMe();
  function submit(event: FormEvent) {
    event.preventDefault();
    on.onSubmit();
  }
  return (
    <form className="sea-card register-form" onSubmit={submit} noValidate>
      {FIELDS.map(([field, { wide, type, autoCapitalize }]) => (
        <Fragment key={field}>
          <TextInput
            className={wide ? "register-wide" : undefined}
            label={t(`field.${field}`)}
            description={t(`hint.${field}`, { defaultValue: "" }) || undefined}
            withAsterisk={field === "name"}
            required={field === "name"}
            autoComplete="off"
            type={type ?? "text"}
            autoCapitalize={autoCapitalize}
            value={draft[field]}
            error={errors[field]}
            onFocus={() => on.onFocus(field)}
            onBlur={() => on.onFocus(null)}
            onChange={(event) => on.onType(field, event.currentTarget.value)}
          />
          {field === "name" && belowName}
        </Fragment>
      ))}
      {pools.length > 1 && (
        <NativeSelect
          className="register-wide"
          label={t("field.pool")}
          description={t("hint.pool")}
          value={poolId}
          onChange={(event) => on.onPool(event.currentTarget.value)}
          data={pools.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      <Group className="register-wide" justify="flex-end" mt="xs">
        <Button variant="default" onClick={on.onClear} disabled={busy}>
          {t("clear")}
        </Button>
        <Button type="submit" loading={busy} disabled={draft.name.trim() === ""}>
          {t("register")}
        </Button>
      </Group>
    </form>
  );
}
