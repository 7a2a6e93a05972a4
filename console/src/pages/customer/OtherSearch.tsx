import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { graphql } from "../../gql";
import type { CustomerFactsFragment, OtherByNameQuery } from "../../gql/graphql";

const OtherByName = graphql(`
  query OtherByName($poolId: ID!, $search: String!) {
    pool(id: $poolId) {
      id
      customers(first: 10, search: $search) { nodes { id name owner { id name } } }
    }
    viewer {
      id
      privatePool { customers(first: 10, search: $search) { nodes { id name owner { id name } } } }
    }
  }
`);

const OtherById = graphql(`
  query OtherById($id: ID!) { customer(id: $id) { id name owner { id name } } }
`);

const ID = /Customer_[0-9a-f]{32}/;

export type OtherCustomer = Pick<CustomerFactsFragment, "id" | "name" | "owner">;

interface Props {
  customer: CustomerFactsFragment;
  value: OtherCustomer | null;
  onChange: (other: OtherCustomer | null) => void;
  error?: string | undefined;
}

/** By a part of the name in the pool or with the viewer; any other by its page's address. */
export function OtherSearch({ customer, value, onChange, error }: Props) {
  const { t } = useTranslation(["customer", "common"]);
  const [typed, setTyped] = useState("");
  const [settled] = useDebouncedValue(typed.trim(), 300);
  const id = ID.exec(settled)?.[0];
  const named = !id && settled !== "" && settled !== value?.name;
  const [{ data: byName }] = useQuery({
    query: OtherByName,
    variables: { poolId: customer.pool.id, search: settled },
    pause: !named,
  });
  const [{ data: byId }] = useQuery({
    query: OtherById,
    variables: { id: id ?? "" },
    pause: !id,
  });
  const found = (id ? [byId?.customer] : named ? all(byName) : [])
    .filter((each) => each != null)
    .filter((each) => each.id !== customer.id);
  const known = value && !found.some((each) => each.id === value.id) ? [value, ...found] : found;
  return (
    <Select
      label={t("other")}
      description={t("otherMore")}
      placeholder={t("common:search")}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("common:clear") }}
      data={known.map((each) => ({ value: each.id, label: each.name }))}
      filter={({ options }) => options}
      value={value?.id ?? null}
      onChange={(chosen) => onChange(known.find((each) => each.id === chosen) ?? null)}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={settled ? t("otherNone") : null}
      error={error}
    />
  );
}

function all(data: OtherByNameQuery | undefined): OtherCustomer[] {
  if (!data) return [];
  return [...(data.pool?.customers.nodes ?? []), ...data.viewer.privatePool.customers.nodes];
}
