import { Badge, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { AbsentBadge } from "../../components/AbsentBadge";
import { PageHeader } from "../../components/PageHeader";
import type { MemberFactsFragment } from "../../gql/graphql";

export function MemberHeader({ member }: { member: MemberFactsFragment }) {
  const { t } = useTranslation(["member", "common"]);
  const { name, email, role, active, department, absences } = member;
  const facts = [t(`common:role.${role}`), department?.name, email];
  return (
    <PageHeader title={name} subtitle={facts.filter(Boolean).join(" · ")}>
      <Group gap={8}>
        {active ? (
          <AbsentBadge absences={absences} />
        ) : (
          <Badge variant="default" tt="none">
            {t("left")}
          </Badge>
        )}
      </Group>
    </PageHeader>
  );
}
