import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Handed } from "./HandOver";

interface Props {
  handed: Handed;
  onClose: () => void;
}

/** In words: who got how many, what fitted nowhere, and what is left. */
export function HandedOver({ handed, onClose }: Props) {
  const { t } = useTranslation("member");
  const { received, released, releasedCount, remaining, member } = handed;
  const got = received.filter(({ count }) => count > 0);
  const rest = releasedCount - released.length;
  return (
    <Stack gap="sm" role="status">
      <Stack component="ul" className="sea-list" gap={4} aria-label={t("handOver.result")}>
        {got.map(({ member: receiver, count }) => (
          <li key={receiver.id}>
            <Text size="sm">{t("handOver.got", { name: receiver.name, count })}</Text>
          </li>
        ))}
      </Stack>
      {got.length === 0 && <Text size="sm">{t("handOver.nobodyGot")}</Text>}
      {releasedCount > 0 && (
        <>
          <Text size="sm">{t("handOver.released", { count: releasedCount })}</Text>
          <Stack component="ul" className="sea-list" gap={6} aria-label={t("handOver.toPools")}>
            {released.map(({ id, name, pool }) => (
              <li key={id}>
                <Anchor component={Link} to={`/customer/${id}`} size="sm">
                  {name}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {pool.name}
                </Text>
              </li>
            ))}
          </Stack>
        </>
      )}
      {rest > 0 && <Text size="sm">{t("andMore", { count: rest })}</Text>}
      <Text size="sm">
        {remaining > 0
          ? t("handOver.remaining", { name: member.name, count: remaining })
          : t("handOver.nothingLeft", { name: member.name })}
      </Text>
      <Group>
        <Button variant="default" onClick={onClose}>
          {remaining > 0 ? t("handOver.again") : t("handOver.back")}
        </Button>
      </Group>
    </Stack>
  );
}
