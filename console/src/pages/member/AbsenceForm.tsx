import { Button, Group, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { graphql } from "../../gql";
import { fieldErrors, useCommand } from "../../graphql/useCommand";

const SetAbsence = graphql(`
  mutation SetAbsence($memberId: ID!, $from: Date!, $to: Date!) {
    setAbsence(memberId: $memberId, from: $from, to: $to) {
      ... on MemberSaved { member { ...MemberFacts } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const EMPTY = { from: "", to: "" };

export function AbsenceForm({ memberId }: { memberId: string }) {
  const { t } = useTranslation("member");
  const [days, setDays] = useState(EMPTY);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const { run, busy } = useCommand(SetAbsence, {
    showsRefusals: true,
    done: () => t("absences.saved"),
  });
  const change = (end: keyof typeof EMPTY) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setDays((all) => ({ ...all, [end]: value }));
    setErrors({});
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await run({ memberId, from: days.from, to: days.to || days.from });
    if (outcome.kind === "done") setDays(EMPTY);
    if (outcome.kind !== "refused") return;
    const fields = fieldErrors(outcome.refusal);
    setErrors(Object.keys(fields).length ? fields : { other: outcome.refusal.message });
  };
  return (
    <form onSubmit={(event) => void send(event)} noValidate>
      <Group gap="sm" align="flex-end">
        <TextInput
          type="date"
          label={t("absences.from")}
          value={days.from}
          error={errors.from}
          onChange={change("from")}
        />
        <TextInput
          type="date"
          label={t("absences.to")}
          value={days.to}
          min={days.from}
          error={errors.to}
          onChange={change("to")}
        />
        <Button type="submit" loading={busy} disabled={!days.from}>
          {t("absences.add")}
        </Button>
      </Group>
      {errors.other && (
        <Text size="sm" c="var(--sea-soon)" role="alert">
          {errors.other}
        </Text>
      )}
    </form>
  );
}
