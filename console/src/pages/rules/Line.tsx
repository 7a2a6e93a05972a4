import { Switch, Text } from "@mantine/core";
import { type ReactElement, type ReactNode, useId } from "react";
import { Trans, useTranslation } from "react-i18next";
import { useRulesForm } from "./form";

interface Props {
  /** The text's key below `line`, with <value/> where the field stands. */
  text: string;
  /** The path of the value, as the API names it without `rules.`. */
  path: string;
  /** Draws the field; `wrong` is the id of the words that say what is wrong. */
  field: (wrong: string | undefined) => ReactElement;
  /** For a rule that can be switched off. */
  on?: { checked: boolean; label: string; toggle: () => void };
  children?: ReactNode;
}

/** One rule as a sentence; what is wrong with it stands below. */
export function Line({ text, path, field, on, children }: Props) {
  const { t } = useTranslation("rules");
  const error = useRulesForm().errors[path];
  const id = useId();
  return (
    <div className="sea-line" data-path={path}>
      {on && (
        <Switch
          className="sea-line-switch"
          aria-label={on.label}
          checked={on.checked}
          onChange={on.toggle}
        />
      )}
      <div className="sea-line-body" data-off={on && !on.checked ? true : undefined}>
        <div className="sea-sentence">
          <Trans
            t={t}
            i18nKey={`line.${text}`}
            components={{ value: field(error ? id : undefined) }}
          />
        </div>
        {error && <Wrong id={id}>{error}</Wrong>}
        {children}
      </div>
    </div>
  );
}

export function Wrong({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <Text size="sm" c="var(--sea-soon)" {...(id ? { id } : {})} data-wrong>
      {children}
    </Text>
  );
}
