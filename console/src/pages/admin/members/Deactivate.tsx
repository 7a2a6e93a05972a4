import { NativeSelect, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../app/me";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { MemberList } from "../../../components/MemberList";
import type { MemberChoice } from "../../../components/MemberSelect";
import { graphql } from "../../../gql";
import type { AdminMemberFragment, DeactivateMemberMutation } from "../../../gql/graphql";
import { useCommand } from "../../../graphql/useCommand";
import { problemsOf } from "../../member/problems";
import { WhereItWent } from "./WhereItWent";

const DeactivateMember = graphql(`
  mutation DeactivateMember($memberId: ID!, $releaseToPoolId: ID, $handOverTo: [ID!]) {
    deactivateMember(
      memberId: $memberId, releaseToPoolId: $releaseToPoolId, handOverTo: $handOverTo
    ) {
      ... on Deactivated {
        released
        handedOver
        member { ...AdminMember }
        customers(first: 100) {
          totalCount
          nodes { id name pool { id name } owner { id name } }
        }
      }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

export type Left = Extract<
  DeactivateMemberMutation["deactivateMember"],
  { __typename: "Deactivated" }
>;

interface Props {
  member: AdminMemberFragment;
  onClose: () => void;
}

/** First what will happen, then where everything went. */
export function Deactivate({ member, onClose }: Props) {
  const { t } = useTranslation("admin");
  const { pools } = useMe();
  const [poolId, setPoolId] = useState("");
  const [left, setLeft] = useState<Left | null>(null);
  const [receivers, setReceivers] = useState<MemberChoice[]>([]);
  const [errors, setErrors] = useState<ReturnType<typeof problemsOf>>({});
  const { run, busy } = useCommand(DeactivateMember, { showsRefusals: true });
  const deactivate = async () => {
    setErrors({});
    const handOverTo = receivers.length ? receivers.map(({ id }) => id) : null;
    const releaseToPoolId = poolId || null;
    const outcome = await run({ memberId: member.id, releaseToPoolId, handOverTo });
    if (outcome.kind === "done") setLeft(outcome.value);
    else if (outcome.kind === "refused") setErrors(problemsOf(outcome.refusal));
  };
  if (left) return <WhereItWent left={left} onClose={onClose} />;
  return (
    <ConfirmDialog
      opened
      danger
      title={t("members.deactivateTitle", { name: member.name })}
      confirm={t("members.deactivate")}
      busy={busy}
      onConfirm={() => void deactivate()}
      onClose={onClose}
    >
      <Text size="sm">{t("members.deactivateMore", { name: member.name })}</Text>
      <MemberList
        title={t("members.handOverTo")}
        label={t("members.addReceiver")}
        members={receivers}
        onChange={setReceivers}
        without={[member.id]}
        error={errors.receivers}
      />
      <NativeSelect
        label={t(receivers.length ? "members.restTo" : "members.releaseTo")}
        value={poolId}
        onChange={(event) => setPoolId(event.currentTarget.value)}
        data={[
          { value: "", label: t("members.ownPools") },
          ...pools.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      {errors.other && (
        <Text size="sm" c="var(--sea-soon)" role="alert">
          {errors.other}
        </Text>
      )}
    </ConfirmDialog>
  );
}
