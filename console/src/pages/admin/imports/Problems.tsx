import { Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../../components/Card";
import { MoreButton } from "../../../components/MoreButton";
import { type BadRow, byRow, type Problem } from "./problems";

const STEP = 100;
const OF_FILE: Record<string, string> = { sheet: "file", worksheet: "worksheet" };

interface Props {
  problems: Problem[];
  unlisted: number;
  /** The answer of an import that was refused. */
  refused: string | undefined;
}

/** Every problem at its row. */
export function Problems({ problems, unlisted, refused }: Props) {
  const { t } = useTranslation("import");
  const [shown, setShown] = useState(STEP);
  const { bad, others } = useMemo(() => byRow(problems), [problems]);
  if (bad.length === 0 && others.length === 0 && !refused) return null;
  const title = bad.length > 0 ? t("bad", { count: bad.length }) : t("wrong");
  return (
    <div role="alert">
      <Card title={title} more={refused && t("nothing")}>
        {refused && problems.length === 0 && <Text size="sm">{refused}</Text>}
        {others.map(({ path, message }) => (
          <Words key={message} field={OF_FILE[path]} message={message} />
        ))}
        {bad.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what scrolls
          <section className="import-problems" tabIndex={0} aria-label={t("where")}>
            {bad.slice(0, shown).map((each) => (
              <Row key={each.row} bad={each} />
            ))}
          </section>
        )}
        {bad.length > shown && <MoreButton onMore={() => setShown(shown + STEP)} />}
        {unlisted > 0 && <Text size="sm">{t("unlisted", { count: unlisted })}</Text>}
      </Card>
    </div>
  );
}

function Row({ bad: { row, problems } }: { bad: BadRow }) {
  const { t } = useTranslation("import");
  return (
    <div className="import-row">
      <Text size="sm" fw={600} className="sea-number">
        {t("row", { row })}
      </Text>
      <div>
        {problems.map((each) => (
          <Words key={`${each.field} ${each.message}`} {...each} />
        ))}
      </div>
    </div>
  );
}

function Words({ field, message }: { field: string | undefined; message: string }) {
  const { t, i18n } = useTranslation(["import", "common"]);
  return (
    <Text size="sm">
      {field && (
        <Text span c="var(--sea-soon)" fw={600}>
          {i18n.exists(`import:column.${field}`) ? t(`column.${field}`) : field}
          {t("common:colon")}
        </Text>
      )}
      {message}
    </Text>
  );
}
