import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { graphql } from "../../../gql";
import type { AdminMemberFragment, Role } from "../../../gql/graphql";
import { fieldErrors, useCommand } from "../../../graphql/useCommand";
import { FormDialog } from "../FormDialog";
import { useDepartments } from "../useDepartments";

const SaveMember = graphql(`
  mutation SaveMember($member: MemberInput!) {
    saveMember(member: $member) {
      ... on MemberSaved { member { ...AdminMember } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const ROLES: Role[] = ["SALES", "MANAGER", "ADMIN"];

interface Props {
  /** Null: a new one. */
  member: AdminMemberFragment | null;
  onClose: () => void;
}

export function MemberForm({ member, onClose }: Props) {
  const { t } = useTranslation(["admin", "common"]);
  const departments = useDepartments();
  const [values, setValues] = useState({
    name: member?.name ?? "",
    email: member?.email ?? "",
    role: member?.role ?? ("SALES" as Role),
    departmentId: member?.department?.id ?? "",
  });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const { run, busy } = useCommand(SaveMember, {
    showsRefusals: true,
    done: (saved) => t("saved", { name: saved.member.name }),
  });
  const change = (field: keyof typeof values) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setValues((all) => ({ ...all, [field]: value }));
    setErrors({});
  };
  const save = async () => {
    const departmentId = values.departmentId || null;
    const outcome = await run({ member: { ...values, departmentId, id: member?.id ?? null } });
    if (outcome.kind === "done") onClose();
    if (outcome.kind !== "refused") return;
    const fields = fieldErrors(outcome.refusal, "member.");
    setErrors(Object.keys(fields).length ? fields : { name: outcome.refusal.message });
  };
  return (
    <FormDialog
      title={member ? t("members.edit", { name: member.name }) : t("members.add")}
      problem={errors.id}
      busy={busy}
      disabled={!values.name.trim() || !values.email.trim()}
      onSend={save}
      onClose={onClose}
    >
      <TextInput
        label={t("members.name")}
        value={values.name}
        error={errors.name}
        onChange={change("name")}
        data-autofocus
      />
      <TextInput
        label={t("members.email")}
        type="email"
        value={values.email}
        error={errors.email}
        onChange={change("email")}
      />
      <NativeSelect
        label={t("members.role")}
        description={t(`members.roleMore.${values.role}`)}
        value={values.role}
        error={errors.role}
        onChange={change("role")}
        data={ROLES.map((role) => ({ value: role, label: t(`common:role.${role}`) }))}
      />
      <NativeSelect
        label={t("members.department")}
        value={values.departmentId}
        error={errors.departmentId}
        onChange={change("departmentId")}
        data={[
          { value: "", label: t("members.noDepartment") },
          ...departments.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    </FormDialog>
  );
}
