import { Button, Group, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../components/Card";
import { MemberList } from "../../components/MemberList";
import type { MemberChoice } from "../../components/MemberSelect";
import { graphql } from "../../gql";
import type { HandOverMutation, MemberFactsFragment } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";
import { HandedOver } from "./HandedOver";
import { HeldChoice } from "./HeldChoice";
import { problemsOf } from "./problems";

const HandOverCustomers = graphql(`
  mutation HandOver(
    $fromMemberId: ID!
    $toMemberIds: [ID!]!
    $reason: String!
    $customerIds: [ID!]
    $idempotencyKey: String
  ) {
    handOver(
      fromMemberId: $fromMemberId
      toMemberIds: $toMemberIds
      reason: $reason
      customerIds: $customerIds
      idempotencyKey: $idempotencyKey
    ) {
      ... on HandedOver {
        releasedCount
        remaining
        member { id name }
        received { count member { id name } }
        released { id name pool { id name } }
      }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

export type Handed = Extract<HandOverMutation["handOver"], { __typename: "HandedOver" }>;

/** Who gets a member's customers, all or some of them, and why. */
export function HandOver({ member }: { member: MemberFactsFragment }) {
  const { t } = useTranslation("member");
  const [receivers, setReceivers] = useState<MemberChoice[]>([]);
  const [which, setWhich] = useState<"all" | "some">("all");
  const [chosen, setChosen] = useState<string[]>([]);
  const [reason, setReason] = useState("");
  const [handed, setHanded] = useState<Handed | null>(null);
  const [errors, setErrors] = useState<ReturnType<typeof problemsOf>>({});
  const { run, busy } = useCommand(HandOverCustomers, { showsRefusals: true });
  const send = async () => {
    setErrors({});
    const outcome = await run({
      fromMemberId: member.id,
      toMemberIds: receivers.map(({ id }) => id),
      customerIds: which === "some" ? chosen : null,
      reason,
    });
    if (outcome.kind === "refused") setErrors(problemsOf(outcome.refusal));
    if (outcome.kind !== "done") return;
    setHanded(outcome.value);
    setChosen([]);
  };
  const complete = receivers.length > 0 && reason.trim() && (which === "all" || chosen.length > 0);
  return (
    <Card title={t("handOver.title")} more={t("handOver.more")}>
      {handed && <HandedOver handed={handed} onClose={() => setHanded(null)} />}
      <Stack hidden={handed !== null}>
        <MemberList
          title={t("handOver.receivers")}
          label={t("handOver.addReceiver")}
          members={receivers}
          onChange={setReceivers}
          without={[member.id]}
          error={errors.receivers}
        />
        <SegmentedControl
          aria-label={t("handOver.which")}
          value={which}
          onChange={(value) => setWhich(value as typeof which)}
          data={(["all", "some"] as const).map((value) => ({
            value,
            label: t(`handOver.${value}`),
          }))}
          style={{ alignSelf: "flex-start" }}
        />
        {which === "some" && (
          <HeldChoice
            memberId={member.id}
            chosen={chosen}
            onChange={setChosen}
            error={errors.customers}
          />
        )}
        <Textarea
          label={t("handOver.reason")}
          description={t("handOver.reasonMore")}
          value={reason}
          error={errors.reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          autosize
          minRows={2}
          maxRows={6}
        />
        {errors.other && (
          <Text size="sm" c="var(--sea-soon)" role="alert">
            {errors.other}
          </Text>
        )}
        <Group>
          <Button loading={busy} disabled={!complete} onClick={() => void send()}>
            {which === "all"
              ? t("handOver.sendAll")
              : t("handOver.sendSome", { count: chosen.length })}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}
