import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus, IconSearch, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../../components/EmptyState";
import { VirtualList } from "../../../components/VirtualList";
import { graphql } from "../../../gql";
import type { AdminMemberFragment } from "../../../gql/graphql";
import { usePages } from "../../../graphql/usePages";
import { useDepartments } from "../useDepartments";
import { Deactivate } from "./Deactivate";
import { MemberForm } from "./MemberForm";
import { MemberRow } from "./MemberRow";

export const AdminMember = graphql(`
  fragment AdminMember on Member {
    id
    name
    email
    role
    active
    absences { from to }
    department { id name }
  }
`);

const AdminMembers = graphql(`
  query AdminMembers($after: Cursor, $search: String, $departmentId: ID) {
    members(first: 50, after: $after, search: $search, departmentId: $departmentId) {
      pageInfo { hasNextPage endCursor }
      nodes { ...AdminMember }
    }
  }
`);

const idOf = (member: AdminMemberFragment) => member.id;

export default function Members() {
  const { t } = useTranslation("admin");
  const departments = useDepartments();
  const [search, setSearch] = useState("");
  const [departmentId, setDepartmentId] = useState("");
  const [edited, setEdited] = useState<AdminMemberFragment | "new" | null>(null);
  const [leaver, setLeaver] = useState<AdminMemberFragment | null>(null);
  const [settled] = useDebouncedValue(search.trim(), 300);
  const pages = usePages(
    AdminMembers,
    { search: settled || null, departmentId: departmentId || null },
    (data) => data.members,
    idOf,
  );
  return (
    <>
      <Group mb="md" gap="sm">
        <TextInput
          flex="1 1 200px"
          aria-label={t("members.search")}
          placeholder={t("members.search")}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <NativeSelect
          aria-label={t("members.department")}
          value={departmentId}
          onChange={(event) => setDepartmentId(event.currentTarget.value)}
          data={[
            { value: "", label: t("members.allDepartments") },
            ...departments.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEdited("new")}>
          {t("members.add")}
        </Button>
      </Group>
      <VirtualList
        pages={pages}
        keyOf={idOf}
        label={t("part.members")}
        estimate={66}
        empty={<EmptyState title={t("members.none")} icon={IconUsers} />}
      >
        {(member) => (
          <MemberRow
            member={member}
            onEdit={() => setEdited(member)}
            onDeactivate={() => setLeaver(member)}
          />
        )}
      </VirtualList>
      {edited && (
        <MemberForm member={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
      {leaver && <Deactivate member={leaver} onClose={() => setLeaver(null)} />}
    </>
  );
}
