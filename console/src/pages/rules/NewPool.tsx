import { Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { graphql } from "../../gql";
import type { RulesFieldsFragment } from "../../gql/graphql";
import { fieldErrors, useCommand } from "../../graphql/useCommand";
import { inputOf, valuesOf } from "./form";

const Create = graphql(`
  mutation CreatePool($name: String!, $rules: RulesInput!) {
    createPool(name: $name, rules: $rules) {
      __typename
      ... on PoolSaved { pool { ...RulesFields administrators { id } } }
      ... on InvalidInput { message problems { path message } }
      ... on Refusal { message }
    }
  }
`);

const LONGEST = 100;

interface Props {
  opened: boolean;
  /** Its rules may be taken over. */
  pool: RulesFieldsFragment | undefined;
  onClose: () => void;
  onCreated: (id: string) => void;
}

export function NewPool({ opened, pool, onClose, onCreated }: Props) {
  const { t } = useTranslation(["rules", "common"]);
  const form = useForm({ initialValues: { name: "", rules: pool ? "same" : "none" } });
  const { run, busy } = useCommand(Create, {
    showsRefusals: true,
    done: () => t("new.done", { name: form.values.name.trim() }),
  });
  const create = async ({ name, rules }: typeof form.values) => {
    const taken = pool && rules === "same" ? inputOf(valuesOf(pool.rules)) : {};
    const outcome = await run({ name, rules: taken });
    if (outcome.kind === "refused") {
      const errors = fieldErrors(outcome.refusal);
      form.setErrors(Object.keys(errors).length > 0 ? errors : { name: outcome.refusal.message });
    }
    if (outcome.kind !== "done" || !("pool" in outcome.value)) return;
    form.reset();
    onClose();
    onCreated(outcome.value.pool.id);
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t("new.title")} centered>
      <form onSubmit={form.onSubmit((values) => void create(values))}>
        <Stack>
          <TextInput
            label={t("new.name")}
            placeholder={t("new.example")}
            maxLength={LONGEST}
            data-autofocus
            {...form.getInputProps("name")}
          />
          {pool && (
            <Radio.Group label={t("new.rules")} {...form.getInputProps("rules")}>
              <Stack gap="xs" mt={6}>
                <Radio value="same" label={t("new.same", { name: pool.name })} />
                <Radio value="none" label={t("new.none")} />
              </Stack>
            </Radio.Group>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("common:cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={!form.values.name.trim()}>
              {t("new.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
