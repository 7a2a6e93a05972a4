import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type MemberChoice, MemberSelect } from "../../../components/MemberSelect";
import { graphql } from "../../../gql";
import { fieldErrors, useCommand } from "../../../graphql/useCommand";
import { FormDialog } from "../FormDialog";
import { type Department, parentsFor } from "./tree";

const SaveDepartment = graphql(`
  mutation SaveDepartment($name: String!, $id: ID, $parentId: ID, $leadId: ID) {
    saveDepartment(name: $name, id: $id, parentId: $parentId, leadId: $leadId) {
      ... on DepartmentSaved { department { id name } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

interface Props {
  /** Null: a new one. */
  department: Department | null;
  departments: Department[];
  onClose: () => void;
}

export function DepartmentForm({ department, departments, onClose }: Props) {
  const { t } = useTranslation("admin");
  const [name, setName] = useState(department?.name ?? "");
  const [parentId, setParentId] = useState(department?.parent?.id ?? "");
  const [lead, setLead] = useState<MemberChoice | null>(department?.lead ?? null);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const { run, busy } = useCommand(SaveDepartment, {
    showsRefusals: true,
    done: (saved) => t("saved", { name: saved.department.name }),
  });
  const save = async () => {
    setErrors({});
    const id = department?.id ?? null;
    const outcome = await run({ id, name, parentId: parentId || null, leadId: lead?.id ?? null });
    if (outcome.kind === "done") onClose();
    if (outcome.kind !== "refused") return;
    const fields = fieldErrors(outcome.refusal);
    setErrors(Object.keys(fields).length ? fields : { name: outcome.refusal.message });
  };
  return (
    <FormDialog
      title={department ? t("departments.edit", { name: department.name }) : t("departments.add")}
      busy={busy}
      disabled={!name.trim()}
      onSend={save}
      onClose={onClose}
    >
      <TextInput
        label={t("departments.name")}
        value={name}
        error={errors.name}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("departments.parent")}
        description={t("departments.parentMore")}
        value={parentId}
        error={errors.parentId}
        onChange={(event) => setParentId(event.currentTarget.value)}
        data={[
          { value: "", label: t("departments.noParent") },
          ...parentsFor(departments, department).map((each) => ({
            value: each.department.id,
            label: "\u2003".repeat(each.level) + each.department.name,
          })),
        ]}
      />
      <MemberSelect
        label={t("departments.lead")}
        value={lead}
        onChange={setLead}
        error={errors.leadId}
      />
    </FormDialog>
  );
}
