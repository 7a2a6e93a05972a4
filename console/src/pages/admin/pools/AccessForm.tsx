import { Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../app/me";
import { MemberList } from "../../../components/MemberList";
import type { MemberChoice } from "../../../components/MemberSelect";
import { graphql } from "../../../gql";
import type { PoolAccessFieldsFragment } from "../../../gql/graphql";
import { useCommand } from "../../../graphql/useCommand";
import { useDepartments } from "../useDepartments";

const SetPoolAccess = graphql(`
  mutation SetPoolAccess(
    $poolId: ID!
    $memberIds: [ID!]!
    $departmentIds: [ID!]!
    $administratorIds: [ID!]!
  ) {
    setPoolAccess(
      poolId: $poolId
      memberIds: $memberIds
      departmentIds: $departmentIds
      administratorIds: $administratorIds
    ) {
      ... on PoolSaved { pool { ...PoolAccessFields } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const ids = (all: readonly { id: string }[]) => all.map(({ id }) => id);

interface Props {
  pool: PoolAccessFieldsFragment;
  onClose: () => void;
}

export function AccessForm({ pool, onClose }: Props) {
  const { t } = useTranslation(["admin", "common"]);
  const { viewer, isAdmin } = useMe();
  const departments = useDepartments();
  const [administrators, setAdministrators] = useState<MemberChoice[]>(pool.administrators);
  const [members, setMembers] = useState<MemberChoice[]>(pool.access.members);
  const [chosen, setChosen] = useState(ids(pool.access.departments));
  const { run, busy } = useCommand(SetPoolAccess, {
    done: (saved) => t("saved", { name: saved.pool.name }),
  });
  const locksOut = !isAdmin && !administrators.some(({ id }) => id === viewer.id);
  const save = async () => {
    const outcome = await run({
      poolId: pool.id,
      memberIds: ids(members),
      departmentIds: chosen,
      administratorIds: ids(administrators),
    });
    if (outcome.kind === "done") onClose();
  };
  return (
    <Stack>
      <MemberList
        title={t("pools.administrators")}
        label={t("pools.addAdministrator")}
        members={administrators}
        onChange={setAdministrators}
      />
      <Checkbox.Group label={t("pools.departments")} value={chosen} onChange={setChosen}>
        <Group mt={6} gap="8px 20px">
          {departments.map(({ id, name }) => (
            <Checkbox key={id} value={id} label={name} />
          ))}
          {departments.length === 0 && (
            <Text size="sm" c="dimmed">
              {t("departments.none")}
            </Text>
          )}
        </Group>
      </Checkbox.Group>
      <MemberList
        title={t("pools.members")}
        label={t("pools.addMember")}
        members={members}
        onChange={setMembers}
      />
      {locksOut && (
        <Text size="sm" c="var(--sea-near)" role="alert">
          {t("pools.locksOut")}
        </Text>
      )}
      <Group>
        <Button loading={busy} onClick={() => void save()}>
          {t("common:save")}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
      </Group>
    </Stack>
  );
}
