import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { graphql } from "../../gql";
import { type RulesValues, useRulesForm } from "./form";

const Colleagues = graphql(`
  query CapacityColleagues($search: String) {
    members(first: 20, search: $search) { nodes { id name active department { id name } } }
    organization { id departments { id name } }
  }
`);

/** Search somebody; choosing them adds a line with the pool's own capacity. */
export function AddCapacity() {
  const { t } = useTranslation("rules");
  const form = useRulesForm();
  const [search, setSearch] = useState("");
  const [settled] = useDebouncedValue(search, 250);
  const [open, setOpen] = useState(false);
  const [{ data }] = useQuery({
    query: Colleagues,
    variables: { search: settled || null },
    pause: !open,
  });
  const taken = takenIn(form.values);
  const options = (nodes: { id: string; name: string }[]) =>
    nodes.filter(({ id }) => !taken.has(id)).map(({ id, name }) => ({ value: id, label: name }));
  const people = data?.members.nodes.filter((each) => each.active) ?? [];
  const groups = [
    { group: t("capacities.departments"), items: options(data?.organization.departments ?? []) },
    { group: t("capacities.members"), items: options(people) },
  ];
  const add = (id: string | null) => {
    const chosen = groups.flatMap(({ items }) => items).find(({ value }) => value === id);
    if (!chosen) return;
    const isMember = people.some((each) => each.id === id);
    form.insertListItem("capacities", {
      memberId: isMember ? id : null,
      departmentId: isMember ? null : id,
      name: chosen.label,
      capacity: form.values.capacity ?? 30,
    });
    setSearch("");
  };
  return (
    <Select
      aria-label={t("capacities.add")}
      placeholder={t("capacities.add")}
      data={groups}
      value={null}
      onChange={add}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      onDropdownOpen={() => setOpen(true)}
      filter={({ options: all }) => all}
      nothingFoundMessage={t("capacities.nobody")}
      maw={320}
    />
  );
}

function takenIn(values: RulesValues): Set<string | null> {
  return new Set(values.capacities.flatMap((each) => [each.memberId, each.departmentId]));
}
