import { Button, Stack } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type LevelValues, useRulesForm } from "./form";
import { LevelCard } from "./LevelCard";
import { Section } from "./Section";

const EMPTY: LevelValues = {
  level: "",
  firstFollowUpWithin: null,
  followUpWithin: null,
  dealWithin: null,
  maxHold: null,
};

export function Levels() {
  const { t } = useTranslation("rules");
  const form = useRulesForm();
  return (
    <Section title={t("section.levels")} more={t("section.levelsMore")}>
      <Stack gap="sm">
        {form.values.levels.map((_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a level's name is being typed
          <LevelCard key={index} index={index} />
        ))}
        <Button
          variant="subtle"
          size="compact-md"
          leftSection={<IconPlus size={16} />}
          onClick={() => form.insertListItem("levels", EMPTY)}
          style={{ alignSelf: "flex-start" }}
        >
          {t("levels.add")}
        </Button>
      </Stack>
    </Section>
  );
}
