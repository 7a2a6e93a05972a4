import { Anchor, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { MoreButton } from "../../components/MoreButton";
import { useFormat } from "../../i18n/format";
import type { PreviewValue } from "./preview";

const FEW = 4;

/** The customers whose release moves the most. */
export function Examples({ effects }: { effects: PreviewValue["examples"] }) {
  const { t } = useTranslation("rules");
  const [all, setAll] = useState(false);
  if (effects.length === 0) return null;
  const shown = all ? effects : effects.slice(0, FEW);
  return (
    <div>
      <Text fw={600} mb={4}>
        {t("preview.examples")}
      </Text>
      <Stack gap="xs" component="ul" className="sea-list">
        {shown.map((effect) => (
          <Example key={effect.customer.id} effect={effect} />
        ))}
      </Stack>
      {shown.length < effects.length && <MoreButton onMore={() => setAll(true)} />}
    </div>
  );
}

function Example({ effect }: { effect: PreviewValue["examples"][number] }) {
  const { t } = useTranslation("rules");
  const { dateTime } = useFormat();
  const { customer, today, proposed } = effect;
  const when = (at: string | null | undefined) => (at ? dateTime(at) : t("preview.never"));
  return (
    <li>
      <Anchor component={Link} to={`/customer/${customer.id}`} size="sm" fw={500}>
        {customer.name}
      </Anchor>
      {customer.owner && (
        <Text size="sm" c="dimmed" span>
          {" · "}
          {customer.owner.name}
        </Text>
      )}
      <Text size="sm">
        {when(today)} → <b>{when(proposed)}</b>
      </Text>
    </li>
  );
}
