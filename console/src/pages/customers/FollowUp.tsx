import { Button, Stack, Text, Textarea } from "@mantine/core";
import {
  IconCalendarEvent,
  IconDots,
  IconMapPin,
  IconMessage,
  IconPhone,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { graphql } from "../../gql";
import type { FollowUpKind } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";
import { useDraft } from "../../graphql/useDraft";
import { useFormat } from "../../i18n/format";
import type { PanelProps } from "./actions";

const LogFollowUp = graphql(`
  mutation LogFollowUp($customerId: ID!, $kind: FollowUpKind!, $note: String!, $idempotencyKey: String) {
    logFollowUp(customerId: $customerId, kind: $kind, note: $note, idempotencyKey: $idempotencyKey) {
      ... on Held { customer { ...HeldRow } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const KINDS: [FollowUpKind, typeof IconPhone][] = [
  ["CALL", IconPhone],
  ["VISIT", IconMapPin],
  ["MESSAGE", IconMessage],
  ["MEETING", IconCalendarEvent],
  ["OTHER", IconDots],
];

/** The kind is the button that sends: with the card's button, two taps. */
export default function FollowUp({ customerId, name, onClose }: PanelProps) {
  const { t } = useTranslation(["customers", "common"]);
  const { dateTime } = useFormat();
  const [note, setNote, clear] = useDraft(`followUp.${customerId}`, "");
  const [sent, setSent] = useState<FollowUpKind | null>(null);
  const { run, busy } = useCommand(LogFollowUp, {
    done: ({ customer }) => {
      const at = customer.holding?.release?.at;
      return at ? t("followedUp", { name, at: dateTime(at) }) : t("followedUpSafe", { name });
    },
  });
  const send = async (kind: FollowUpKind) => {
    setSent(kind);
    const words = note.trim() || t(`common:kind.${kind}`);
    const outcome = await run({ customerId, kind, note: words });
    if (outcome.kind !== "done") return;
    clear();
    onClose();
  };
  return (
    <Stack gap="xs">
      <Textarea
        label={t("note")}
        placeholder={t("noteMore")}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={5_000}
        autosize
        minRows={1}
        maxRows={6}
      />
      <Text size="sm" c="dimmed" id={`kinds-${customerId}`}>
        {t("chooseKind")}
      </Text>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset can't be laid out as a grid everywhere */}
      <div className="kinds" role="group" aria-labelledby={`kinds-${customerId}`}>
        {KINDS.map(([kind, Icon]) => (
          <Button
            key={kind}
            variant="light"
            size="md"
            px="xs"
            leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
            loading={busy && sent === kind}
            disabled={busy && sent !== kind}
            onClick={() => send(kind)}
          >
            {t(`common:kind.${kind}`)}
          </Button>
        ))}
      </div>
    </Stack>
  );
}
