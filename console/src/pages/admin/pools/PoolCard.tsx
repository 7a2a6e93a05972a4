import { Anchor, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Card } from "../../../components/Card";
import type { PoolAccessFieldsFragment } from "../../../gql/graphql";
import { AccessForm } from "./AccessForm";

/** To whom a pool is open, and who administers it. */
export function PoolCard({ pool }: { pool: PoolAccessFieldsFragment }) {
  const { t } = useTranslation("admin");
  const [editing, { open, close }] = useDisclosure();
  const { administrators, access } = pool;
  const lines = [
    ["administrators", administrators],
    ["departments", access.departments],
    ["members", access.members],
  ] as const;
  return (
    <Card
      title={pool.name}
      more={
        <Anchor component={Link} to={`/rules/${pool.id}`} size="sm">
          {t("pools.rules")}
        </Anchor>
      }
      aside={
        !editing && (
          <Button
            variant="default"
            size="xs"
            onClick={open}
            aria-label={t("pools.editOf", { name: pool.name })}
          >
            {t("pools.edit")}
          </Button>
        )
      }
    >
      {editing ? (
        <AccessForm pool={pool} onClose={close} />
      ) : (
        lines.map(([kind, each]) => (
          <Group key={kind} gap={8} align="baseline">
            <Text size="sm" c="dimmed" miw={110}>
              {t(`pools.${kind}`)}
            </Text>
            <Text size="sm" flex="1 1 200px">
              {each.map(({ name }) => name).join(t("comma")) || t(`pools.no.${kind}`)}
            </Text>
          </Group>
        ))
      )}
    </Card>
  );
}
