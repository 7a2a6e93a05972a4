import { Chip, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ContactField } from "../../gql/graphql";
import { useRulesForm } from "./form";

const FIELDS: ContactField[] = ["PERSON", "PHONE", "EMAIL"];

export function Masked() {
  const { t } = useTranslation("rules");
  const form = useRulesForm();
  return (
    <Chip.Group
      multiple
      value={form.values.masked}
      onChange={(chosen) => form.setFieldValue("masked", chosen as ContactField[])}
    >
      <Group gap="xs" role="group" aria-label={t("section.masked")}>
        {FIELDS.map((field) => (
          <Chip key={field} value={field}>
            {t(`masked.${field}`)}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}
