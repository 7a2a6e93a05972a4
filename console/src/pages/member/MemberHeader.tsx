import { Badge, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import { AbsentBadge } from "../../components/AbsentBadge";
import { Export } from "../../components/exports/Export";
import { PageHeader } from "../../components/PageHeader";
import type { MemberFactsFragment } from "../../gql/graphql";

export function MemberHeader({ member }: { member: MemberFactsFragment }) {
  const { t } = useTranslation(["member", "common"]);
  const { viewer, leads, led } = useMe();
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
        {(leads || led.length > 0 || member.id === viewer.id) && (
          <Export sheet={{ of: "privatePool", memberId: member.id }} />
        )}
      </Group>
    </PageHeader>
  );
}
