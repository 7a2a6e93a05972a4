import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import { type AbsenceLike, useToday } from "../../components/absence";
import { Card } from "../../components/Card";
import { graphql } from "../../gql";
import type { MemberFactsFragment } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";
import { useFormat } from "../../i18n/format";
import { AbsenceForm } from "./AbsenceForm";

const CancelAbsence = graphql(`
  mutation CancelAbsence($memberId: ID!, $from: Date!) {
    cancelAbsence(memberId: $memberId, from: $from) {
      ... on MemberSaved { member { ...MemberFacts } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const FEW = 3;

/** Present and coming absences, and the latest past ones. */
export function Absences({ member }: { member: MemberFactsFragment }) {
  const { t } = useTranslation("member");
  const { viewer } = useMe();
  const today = useToday();
  const past = member.absences.filter(({ to }) => to < today).slice(-FEW);
  const open = member.absences.filter(({ to }) => to >= today);
  const changes = member.id === viewer.id || viewer.role !== "SALES";
  return (
    <Card title={t("absences.title")} more={t("absences.more")}>
      {open.length + past.length === 0 && <Text c="dimmed">{t("absences.none")}</Text>}
      <Stack
        component="ul"
        className="sea-list"
        gap="xs"
        aria-label={t("absences.title")}
        hidden={open.length + past.length === 0}
      >
        {[...past, ...open].map((absence) => (
          <Row key={absence.from} member={member} absence={absence} changes={changes} />
        ))}
      </Stack>
      {changes && <AbsenceForm memberId={member.id} />}
    </Card>
  );
}

interface RowProps {
  member: MemberFactsFragment;
  absence: AbsenceLike;
  changes: boolean;
}

function Row({ member, absence: { from, to }, changes }: RowProps) {
  const { t } = useTranslation("member");
  const { wholeDay } = useFormat();
  const today = useToday();
  const { run, busy } = useCommand(CancelAbsence, {
    done: () => t(from < today ? "absences.endedNow" : "absences.cancelled"),
  });
  const state = to < today ? "over" : from <= today ? "now" : "coming";
  return (
    <Group component="li" justify="space-between" gap="xs">
      <Text size="sm" c={state === "over" ? "dimmed" : undefined}>
        {from === to
          ? wholeDay(from)
          : t("absences.days", { from: wholeDay(from), to: wholeDay(to) })}
        {` · ${t(`absences.${state}`)}`}
      </Text>
      {changes && state !== "over" && (
        <Button
          variant="default"
          size="xs"
          loading={busy}
          onClick={() => run({ memberId: member.id, from })}
        >
          {t(from < today ? "absences.end" : "absences.cancel")}
        </Button>
      )}
    </Group>
  );
}
