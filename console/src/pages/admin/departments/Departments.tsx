import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPlus, IconSitemap } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { EmptyState } from "../../../components/EmptyState";
import { ErrorState } from "../../../components/ErrorState";
import { LoadingList } from "../../../components/LoadingList";
import { AdminDepartments } from "../useDepartments";
import { DepartmentForm } from "./DepartmentForm";
import { type Department, inTree } from "./tree";

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
        {inTree(departments).map(({ department, level }) => (
          <li
            key={department.id}
            className="sea-card admin-row"
            style={{ marginInlineStart: `min(${level * 24}px, ${level * 3}vw)` }}
          >
            <div className="admin-row-main">
              <Text fw={600}>{department.name}</Text>
              <Text size="sm" c="var(--sea-quiet)">
                {[
                  department.parent && t("departments.below", { name: department.parent.name }),
                  department.lead && t("departments.ledBy", { name: department.lead.name }),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </Text>
            </div>
            <Button
              variant="default"
              size="xs"
              aria-label={t("departments.edit", { name: department.name })}
              onClick={() => setEdited(department)}
            >
              {t("edit")}
            </Button>
          </li>
        ))}
      </Stack>
      {edited && (
        <DepartmentForm
          department={edited === "new" ? null : edited}
          departments={departments}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}
