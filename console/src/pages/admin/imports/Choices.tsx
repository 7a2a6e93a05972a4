import { Radio, SimpleGrid, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ImportMode, OnExisting } from "../../../gql/graphql";

const MODES: ImportMode[] = ["ALL_OR_NOTHING", "GOOD_ROWS"];
const EXISTING: OnExisting[] = ["REFUSE", "UPDATE"];

interface Props {
  mode: ImportMode;
  onExisting: OnExisting;
  onChange: (changed: { mode?: ImportMode; onExisting?: OnExisting }) => void;
}

/** What becomes of bad rows, and of rows that are customers already. */
export function Choices({ mode, onExisting, onChange }: Props) {
  const { t } = useTranslation("import");
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} className="sea-card" p="md">
      <Radio.Group
        label={t("mode.label")}
        value={mode}
        onChange={(value) => onChange({ mode: value as ImportMode })}
      >
        <Choice values={MODES} of="mode" />
      </Radio.Group>
      <Radio.Group
        label={t("onExisting.label")}
        value={onExisting}
        onChange={(value) => onChange({ onExisting: value as OnExisting })}
      >
        <Choice values={EXISTING} of="onExisting" />
      </Radio.Group>
    </SimpleGrid>
  );
}

function Choice({ values, of }: { values: string[]; of: string }) {
  const { t } = useTranslation("import");
  return (
    <Stack gap="xs" mt={8}>
      {values.map((value) => (
        <Radio
          key={value}
          value={value}
          label={t(`${of}.${value}`)}
          description={t(`${of}.more.${value}`)}
        />
      ))}
    </Stack>
  );
}
