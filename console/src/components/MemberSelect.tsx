import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { graphql } from "../gql";
import { useFormat } from "../i18n/format";
import { type AbsenceLike, absenceOn, useToday } from "./absence";

const FindMembers = graphql(`
  query FindMembers($search: String) {
    members(first: 20, search: $search) {
      nodes { id name email active absences { from to } department { id name } }
    }
  }
`);

export interface MemberChoice {
  id: string;
  name: string;
}

interface Props {
  label: string;
  value: MemberChoice | null;
  onChange: (member: MemberChoice | null) => void;
  /** Who can't be chosen, e.g. the present owner. */
  without?: string[];
  error?: string | undefined;
}

/** One colleague, found by a part of the name or the email. */
export function MemberSelect({ label, value, onChange, without = [], error }: Props) {
  const { t } = useTranslation("common");
  const [typed, setTyped] = useState(value?.name ?? "");
  const [settled] = useDebouncedValue(typed, 250);
  const search = settled && settled !== value?.name ? settled : null;
  const [{ data, fetching, error: failed }] = useQuery({
    query: FindMembers,
    variables: { search },
  });
  const found = (data?.members.nodes ?? []).filter(
    ({ id, active }) => active && !without.includes(id),
  );
  const choices = found.map(({ id, name }) => ({ value: id, label: name }));
  if (value && !found.some(({ id }) => id === value.id)) {
    choices.unshift({ value: value.id, label: value.name });
  }
  return (
    <Select
      label={label}
      placeholder={t("searchMember")}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("clear") }}
      data={choices}
      filter={({ options }) => options}
      value={value?.id ?? null}
      onChange={(id) => onChange(choiceOf(choices, id))}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={
        fetching || settled !== typed ? t("loading") : t(failed ? "unreachable" : "noMember")
      }
      renderOption={({ option }) => <Option {...found.find(({ id }) => id === option.value)} />}
      error={error}
    />
  );
}

function choiceOf(choices: { value: string; label: string }[], id: string | null) {
  const chosen = choices.find(({ value }) => value === id);
  return chosen ? { id: chosen.value, name: chosen.label } : null;
}

interface OptionProps {
  name?: string;
  email?: string;
  absences?: AbsenceLike[];
  department?: { name: string } | null;
}

function Option(member: OptionProps) {
  const { t } = useTranslation("common");
  const { wholeDay } = useFormat();
  const absence = absenceOn(member.absences ?? [], useToday());
  const absent = absence && t("absentUntil", { date: wholeDay(absence.to) });
  const more = [absent, member.department?.name, member.email].filter(Boolean).join(" · ");
  return (
    <span>
      {member.name}
      <br />
      <small style={{ color: "var(--sea-quiet)" }}>{more}</small>
    </span>
  );
}
