import { Button, Group, NumberInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AddCapacity } from "./AddCapacity";
import { useRulesForm } from "./form";
import { Wrong } from "./Line";
import { RemoveButton } from "./RemoveButton";

const FEW = 10;

/** Members and departments whose capacity differs from the pool's. */
export function Capacities() {
  const { t } = useTranslation("rules");
  const [all, setAll] = useState(false);
  const form = useRulesForm();
  const { capacities } = form.values;
  const shown = all ? capacities : capacities.slice(0, FEW);
  return (
    <Stack gap={4} role="group" aria-label={t("field.capacities")}>
      {capacities.length > 0 && <Text>{t("capacities.title")}</Text>}
      {shown.map((each, index) => (
        <OwnCapacityLine key={each.memberId ?? each.departmentId} index={index} />
      ))}
      {shown.length < capacities.length && (
        <Button variant="subtle" size="compact-md" onClick={() => setAll(true)}>
          {t("capacities.all", { count: capacities.length })}
        </Button>
      )}
      <AddCapacity />
    </Stack>
  );
}

function OwnCapacityLine({ index }: { index: number }) {
  const { t } = useTranslation("rules");
  const form = useRulesForm();
  const { name, capacity } = form.values.capacities[index] ?? { name: "", capacity: "" };
  const path = `capacities.${index}`;
  const names = [`${path}.capacity`, path, `${path}.memberId`, `${path}.departmentId`];
  const error = names.map((each) => form.errors[each]).find(Boolean);
  const id = `capacity-${index}`;
  return (
    <div data-path={`${path}.capacity`}>
      <Group gap="xs" wrap="nowrap">
        <Text style={{ flex: 1 }} miw={0}>
          {name}
        </Text>
        <NumberInput
          aria-label={t("capacities.of", { name })}
          aria-describedby={error ? id : undefined}
          error={Boolean(error)}
          value={capacity}
          onChange={(given) => form.setFieldValue(`capacities.${index}.capacity`, given)}
          max={1_000_000}
          clampBehavior="strict"
          allowDecimal={false}
          hideControls
          w={80}
        />
        <RemoveButton
          label={t("capacities.remove", { name })}
          onClick={() => form.removeListItem("capacities", index)}
        />
      </Group>
      {error && <Wrong id={id}>{error}</Wrong>}
    </div>
  );
}
