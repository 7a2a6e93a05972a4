import { Button, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../../components/Card";
import type { RefusalLike } from "../../../graphql/useCommand";
import { type BadLine, byLine } from "./problems";

const STEP = 100;

interface Props {
  refusal: RefusalLike;
  csv: string;
}

/** Every bad row at its line, with the row itself. Nothing was imported. */
export function ImportProblems({ refusal, csv }: Props) {
  const { t } = useTranslation(["admin", "common"]);
  const [shown, setShown] = useState(STEP);
  const { bad, others } = useMemo(() => byLine(refusal), [refusal]);
  const lines = useMemo(() => csv.split(/\r\n|\r|\n/), [csv]);
  const title = bad.length > 0 ? t("import.bad", { count: bad.length }) : t("import.refused");
  return (
    <div role="alert">
      <Card title={title} more={t("import.nothing")}>
        {others.map((each) => (
          <Text key={each} size="sm" c="var(--sea-soon)">
            {each}
          </Text>
        ))}
        {bad.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what scrolls
          <section className="import-problems" tabIndex={0} aria-label={t("import.where")}>
            {bad.slice(0, shown).map((each) => (
              <Line key={each.line} bad={each} source={lines[each.line - 1]} />
            ))}
          </section>
        )}
        {bad.length > shown && (
          <Button variant="subtle" size="compact-sm" onClick={() => setShown(shown + STEP)}>
            {t("common:more")}
          </Button>
        )}
      </Card>
    </div>
  );
}

function Line({ bad, source }: { bad: BadLine; source: string | undefined }) {
  const { t, i18n } = useTranslation(["admin", "common"]);
  return (
    <div className="import-line">
      <Text size="sm" fw={600} className="sea-number">
        {t("import.line", { line: bad.line })}
      </Text>
      <div>
        {bad.problems.map(({ field, message }) => (
          <Text key={`${field} ${message}`} size="sm">
            {field && (
              <Text span c="var(--sea-soon)" fw={600}>
                {i18n.exists(`admin:import.field.${field}`) ? t(`import.field.${field}`) : field}
                {t("common:colon")}
              </Text>
            )}
            {message}
          </Text>
        ))}
        <code className="import-source">{source}</code>
      </div>
    </div>
  );
}
