import { NativeSelect, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Card } from "../../../components/Card";
import type { SheetField } from "../../../gql/graphql";
import type { Mapping } from "./draft";
import { columnProblems } from "./problems";
import type { Preview } from "./useImportPreview";

const FIELDS: SheetField[] = ["NAME", "LEVEL", "PERSON", "PHONE", "EMAIL", "REGISTRATION_NUMBER"];

interface Props {
  preview: Preview;
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
}

/** Which field each column is, above the first rows as they were read. */
export function Columns({ preview: { header, firstRows, problems }, mapping, onChange }: Props) {
  const { t } = useTranslation("import");
  const wrong = columnProblems(problems);
  const choices = [
    { value: "", label: t("passedOver") },
    ...FIELDS.map((value) => ({ value, label: t(`field.${value}`) })),
  ];
  const choose = (column: number, field: string) =>
    onChange(
      mapping.map((each, n) => (n === column ? ((field || null) as SheetField | null) : each)),
    );
  return (
    <Card title={t("columnsTitle")} more={t("columnsMore")}>
      {!mapping.includes("NAME") && (
        <Text size="sm" c="var(--sea-soon)" role="alert">
          {t("nameMissing")}
        </Text>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what scrolls */}
      <section className="import-table" tabIndex={0} aria-label={t("firstRows")}>
        <table>
          <thead>
            <tr>
              {header.map((name, n) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
                <th key={n} scope="col" data-passed-over={!mapping[n] || undefined}>
                  <span className="import-cell">{name || t("nth", { n: n + 1 })}</span>
                  <NativeSelect
                    aria-label={t("fieldOf", { column: name || n + 1 })}
                    value={mapping[n] ?? ""}
                    error={wrong.get(n)}
                    onChange={(event) => choose(n, event.currentTarget.value)}
                    data={choices}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {firstRows.map((cells, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
              <tr key={row}>
                {header.map((_, n) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                  <td key={n} data-passed-over={!mapping[n] || undefined}>
                    <span className="import-cell">{cells[n]}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}
