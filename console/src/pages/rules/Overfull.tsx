import { Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MoreButton } from "../../components/MoreButton";
import type { PreviewValue } from "./preview";

const FEW = 4;

/** Who holds more than they may: they lose nothing, but claim no more. */
export function Overfull({ members }: { members: PreviewValue["overCapacity"] }) {
  const { t } = useTranslation("rules");
  const [all, setAll] = useState(false);
  if (members.length === 0) return null;
  const shown = all ? members : members.slice(0, FEW);
  return (
    <div>
      <Text fw={600}>{t("preview.overfull", { count: members.length })}</Text>
      <Text size="sm" c="dimmed" mb={4}>
        {t("preview.overfullMore")}
      </Text>
      <Stack gap={2} component="ul" className="sea-list">
        {shown.map(({ member, held, capacity }) => (
          <Group key={member.id} component="li" justify="space-between" wrap="nowrap" gap="sm">
            <Text size="sm" miw={0}>
              {member.name}
            </Text>
            <Text size="sm" className="sea-number" style={{ whiteSpace: "nowrap" }}>
              {t("preview.heldOf", { held, capacity })}
            </Text>
          </Group>
        ))}
      </Stack>
      {shown.length < members.length && (
        <MoreButton onMore={() => setAll(true)}>
          {t("preview.all", { count: members.length })}
        </MoreButton>
      )}
    </div>
  );
}
