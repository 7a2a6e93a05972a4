import { Anchor, Badge, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe } from "../../../app/me";
import { AbsentBadge } from "../../../components/AbsentBadge";
import { Face } from "../../../components/Face";
import { graphql } from "../../../gql";
import type { AdminMemberFragment } from "../../../gql/graphql";
import { useCommand } from "../../../graphql/useCommand";

const ReactivateMember = graphql(`
  mutation ReactivateMember($memberId: ID!) {
    reactivateMember(memberId: $memberId) {
      ... on MemberSaved { member { ...AdminMember } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

interface Props {
  member: AdminMemberFragment;
  onEdit: () => void;
  onDeactivate: () => void;
}

export function MemberRow({ member, onEdit, onDeactivate }: Props) {
  const { t } = useTranslation(["admin", "common"]);
  const { viewer } = useMe();
  const { id, name, email, role, active, absences, department } = member;
  const { run, busy } = useCommand(ReactivateMember, {
    done: () => t("members.reactivated", { name }),
  });
  return (
    <article className="sea-card admin-row" aria-label={name}>
      <Group className="admin-row-main" gap="sm" wrap="nowrap" align="flex-start">
        <Face name={name} />
        <div style={{ minWidth: 0 }}>
          <Group gap={8}>
            <Anchor component={Link} to={`/member/${id}`} c="inherit" fw={600}>
              {name}
            </Anchor>
            <Badge size="sm" variant="light" tt="none">
              {t(`common:role.${role}`)}
            </Badge>
            {active && <AbsentBadge absences={absences} />}
            {!active && (
              <Badge size="sm" variant="default" tt="none">
                {t("members.left")}
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {[email, department?.name].filter(Boolean).join(" · ")}
          </Text>
        </div>
      </Group>
      <Group gap={6}>
        {active ? (
          <>
            <Button variant="default" size="xs" onClick={onEdit}>
              {t("edit")}
            </Button>
            {id !== viewer.id && (
              <Button variant="default" size="xs" onClick={onDeactivate}>
                {t("members.deactivate")}
              </Button>
            )}
          </>
        ) : (
          <Button variant="default" size="xs" loading={busy} onClick={() => run({ memberId: id })}>
            {t("members.reactivate")}
          </Button>
        )}
      </Group>
    </article>
  );
}
