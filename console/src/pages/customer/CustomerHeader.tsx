import { Badge, Group } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import { PageHeader } from "../../components/PageHeader";
import type { CustomerFactsFragment } from "../../gql/graphql";
import { ClaimButton } from "./ClaimButton";
import { Manage } from "./Manage";

interface Props {
  customer: CustomerFactsFragment;
  refresh: () => void;
}

/** The name, where the customer is, and what the viewer may do with it. */
export function CustomerHeader({ customer, refresh }: Props) {
  const { t } = useTranslation("customer");
  const { viewer, administered } = useMe();
  const { owner, pool, level, holding } = customer;
  const manages = administered.some(({ id }) => id === pool.id);
  const where = owner?.id === viewer.id ? t("yours") : t("heldBy", { name: owner?.name });
  return (
    <PageHeader
      title={customer.name}
      subtitle={
        <Group gap={8} mt={4}>
          <span>{pool.name}</span>
          <Badge variant={owner ? "light" : "default"} tt="none">
            {owner ? where : t("inPool")}
          </Badge>
          {level && (
            <Badge variant="default" tt="none">
              {t("level", { level })}
            </Badge>
          )}
          {holding?.locked && (
            <Badge variant="default" tt="none" leftSection={<IconLock size={11} />}>
              {t("locked")}
            </Badge>
          )}
        </Group>
      }
    >
      <Group gap="xs">
        {!owner && <ClaimButton customer={customer} />}
        {manages && <Manage customer={customer} refresh={refresh} />}
      </Group>
    </PageHeader>
  );
}
