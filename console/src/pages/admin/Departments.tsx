import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconSitemap } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { LoadingList } from "../../components/LoadingList";
import { graphql } from "../../gql";
import { fieldErrors, useCommand } from "../../graphql/useCommand";
import { FormDialog } from "./FormDialog";
import { AdminDepartments } from "./useDepartments";

const SaveDepartment = graphql(`
  mutation SaveDepartment($name: String!, $id: ID) {
    saveDepartment(name: $name, id: $id) {
      ... on DepartmentSaved { department { id name } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

interface Department {
  id: string;
  name: string;
}

export default function Departments() {
  const { t } = useTranslation("admin");
  const [{ data, error }, again] = useQuery({ query: AdminDepartments });
  const [edited, setEdited] = useState<Department | "new" | null>(null);
  const departments = data?.organization.departments;
  if (error && !departments) return <ErrorState error={error} onRetry={() => again()} />;
  if (!departments) return <LoadingList />;
  const add = (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEdited("new")}>
      {t("departments.add")}
    </Button>
  );
  return (
    <>
      {departments.length === 0 ? (
        <EmptyState title={t("departments.none")} icon={IconSitemap} action={add}>
          {t("departments.noneMore")}
        </EmptyState>
      ) : (
        <Group mb="md">{add}</Group>
      )}
      <Stack component="ul" className="sea-list" gap={8} aria-label={t("part.departments")}>
        {departments.map((department) => (
          <li key={department.id} className="sea-card admin-row">
            <Text fw={600} className="admin-row-main">
              {department.name}
            </Text>
            <Button variant="default" size="xs" onClick={() => setEdited(department)}>
              {t("departments.rename")}
            </Button>
          </li>
        ))}
      </Stack>
      {edited && (
        <DepartmentForm
          department={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}

interface FormProps {
  department: Department | null;
  onClose: () => void;
}

function DepartmentForm({ department, onClose }: FormProps) {
  const { t } = useTranslation("admin");
  const [name, setName] = useState(department?.name ?? "");
  const [problem, setProblem] = useState<string>();
  const { run, busy } = useCommand(SaveDepartment, {
    showsRefusals: true,
    done: (saved) => t("saved", { name: saved.department.name }),
  });
  const save = async () => {
    const outcome = await run({ name, id: department?.id ?? null });
    if (outcome.kind === "done") onClose();
    if (outcome.kind !== "refused") return;
    setProblem(fieldErrors(outcome.refusal).name ?? outcome.refusal.message);
  };
  return (
    <FormDialog
      title={department ? t("departments.rename") : t("departments.add")}
      busy={busy}
      disabled={!name.trim()}
      onSend={save}
      onClose={onClose}
    >
      <TextInput
        label={t("departments.name")}
        value={name}
        error={problem}
        data-autofocus
        onChange={(event) => {
          setName(event.currentTarget.value);
          setProblem(undefined);
        }}
      />
    </FormDialog>
  );
}
