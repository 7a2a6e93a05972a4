import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Card } from "../../components/Card";
import type { AdminDuplicatesQuery } from "../../gql/graphql";
import { useFormat } from "../../i18n/format";

/** Who looked up much that no customer has. */
export function Misses({ misses }: { misses: AdminDuplicatesQuery["organization"]["manyMisses"] }) {
  const { t } = useTranslation("admin");
  const { dateTime } = useFormat();
  return (
    <Card title={t("duplicates.misses")} more={t("duplicates.missesMore")}>
      {misses.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("duplicates.noMisses")}
        </Text>
      )}
      <Stack component="ul" className="sea-list" gap="xs" hidden={misses.length === 0}>
        {misses.map(({ member, at, message }) => (
          <li key={`${member.id} ${at}`}>
            <Text size="sm">{message}</Text>
            <Text size="xs" c="dimmed">
              {member.name} · {dateTime(at)}
            </Text>
          </li>
        ))}
      </Stack>
    </Card>
  );
}
