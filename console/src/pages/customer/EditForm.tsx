import { Button, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { graphql } from "../../gql";
import type { CustomerChanges, CustomerFactsFragment } from "../../gql/graphql";
import { fieldErrors, useCommand } from "../../graphql/useCommand";

const UpdateCustomer = graphql(`
  mutation UpdateCustomer($customerId: ID!, $customer: CustomerChanges!) {
    updateCustomer(customerId: $customerId, customer: $customer) {
      ... on CustomerSaved { customer { ...CustomerFacts } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const FIELDS = ["name", "level", "person", "phone", "email", "registrationNumber"] as const;
type Field = (typeof FIELDS)[number];
type Values = Record<Field, string>;

function knownOf({ name, level, contact }: CustomerFactsFragment): Partial<Values> {
  const known = Object.entries({ name, level, ...contact }).filter(([, value]) => value !== null);
  return Object.fromEntries(known) as Partial<Values>;
}

/** A masked value is a hint beside the field: in it, a part of the mask could be saved. */
function isMasked(field: Field, customer: CustomerFactsFragment): boolean {
  return customer.contact.masked && Boolean(knownOf(customer)[field]?.includes("*"));
}

function valuesOf(customer: CustomerFactsFragment): Values {
  const known = knownOf(customer);
  return Object.fromEntries(
    FIELDS.map((field) => [field, isMasked(field, customer) ? "" : (known[field] ?? "")]),
  ) as Values;
}

/** What was changed only; an emptied field is cleared. */
function changesOf(before: Values, after: Values): CustomerChanges {
  const changed = FIELDS.filter((field) => before[field] !== after[field].trim());
  return Object.fromEntries(changed.map((field) => [field, after[field].trim() || null]));
}

interface Props {
  customer: CustomerFactsFragment;
  onClose: () => void;
}

export function EditForm({ customer, onClose }: Props) {
  const { t } = useTranslation(["customer", "common"]);
  const [before] = useState(() => valuesOf(customer));
  const [values, setValues] = useState(before);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const { run, busy } = useCommand(UpdateCustomer, {
    showsRefusals: true,
    done: ({ customer: { name } }) => t("saved", { name }),
  });
  const changes = changesOf(before, values);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await run({ customerId: customer.id, customer: changes });
    if (outcome.kind === "done") onClose();
    if (outcome.kind !== "refused") return;
    const fields = fieldErrors(outcome.refusal, "customer.");
    setErrors(Object.keys(fields).length ? fields : { "": outcome.refusal.message });
  };
  return (
    <form onSubmit={send} noValidate>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="sm">
          {FIELDS.map((field) => (
            <TextInput
              key={field}
              label={t(`field.${field}`)}
              description={field === "registrationNumber" ? t("field.registrationMore") : undefined}
              required={field === "name"}
              inputMode={field === "phone" ? "tel" : field === "email" ? "email" : undefined}
              placeholder={isMasked(field, customer) ? knownOf(customer)[field] : undefined}
              value={values[field]}
              error={errors[field]}
              onChange={({ currentTarget: { value } }) => {
                setValues((all) => ({ ...all, [field]: value }));
                setErrors({});
              }}
            />
          ))}
        </SimpleGrid>
        {errors[""] && (
          <Text size="sm" c="var(--sea-soon)" role="alert">
            {errors[""]}
          </Text>
        )}
        <Group>
          <Button type="submit" loading={busy} disabled={Object.keys(changes).length === 0}>
            {t("common:save")}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
