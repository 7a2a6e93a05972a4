import { Anchor, Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe } from "../../../app/me";
import { type MemberChoice, MemberSelect } from "../../../components/MemberSelect";
import type { Bulk } from "./useBulk";

const MOST = 100;

interface Props {
  poolId: string;
  bulk: Bulk;
  shown: string[];
}

/** What happens to the selected customers. */
export function BulkBar({ poolId, bulk, shown }: Props) {
  const { t } = useTranslation(["admin", "common"]);
  const others = useMe().administered.filter(({ id }) => id !== poolId);
  const [target, setTarget] = useState("");
  const [member, setMember] = useState<MemberChoice | null>(null);
  const to = others.some(({ id }) => id === target) ? target : (others[0]?.id ?? "");
  const count = bulk.selected.length;
  return (
    <section className="sea-card bulk-bar" aria-label={t("bulk.selection")}>
      <Group p="sm" gap="8px 20px" align="flex-end">
        <div>
          <Text size="sm" fw={600} aria-live="polite">
            {t("bulk.selected", { count })}
          </Text>
          <Group gap={6} mt={4}>
            <Button
              size="xs"
              variant="default"
              disabled={shown.length === 0}
              onClick={() => bulk.select(shown.slice(0, MOST))}
            >
              {t("bulk.selectShown", { count: Math.min(shown.length, MOST) })}
            </Button>
            <Button size="xs" variant="default" disabled={count === 0} onClick={bulk.clear}>
              {t("common:clear")}
            </Button>
          </Group>
        </div>
        <Group gap={6} align="flex-end" wrap="nowrap">
          <MemberSelect label={t("bulk.assignTo")} value={member} onChange={setMember} />
          <Button
            flex="none"
            loading={bulk.busy}
            disabled={count === 0 || !member}
            onClick={() => member && void bulk.assign(member.id, member.name)}
          >
            {t("bulk.assign")}
          </Button>
        </Group>
        {others.length > 0 && (
          <Group gap={6} align="flex-end" wrap="nowrap">
            <NativeSelect
              label={t("bulk.moveTo")}
              value={to}
              onChange={(event) => setTarget(event.currentTarget.value)}
              miw={0}
              data={others.map(({ id, name }) => ({ value: id, label: name }))}
            />
            <Button
              flex="none"
              loading={bulk.busy}
              disabled={count === 0}
              onClick={() => void bulk.move(to)}
            >
              {t("bulk.move")}
            </Button>
          </Group>
        )}
      </Group>
      <Gone refusals={bulk.refusals} shown={shown} />
    </section>
  );
}

/** Refusals whose rows have left the list, e.g. because somebody claimed the customer meanwhile. */
function Gone({ refusals, shown }: { refusals: Record<string, string>; shown: string[] }) {
  const gone = Object.entries(refusals).filter(([id]) => !shown.includes(id));
  if (gone.length === 0) return null;
  return (
    <Stack gap={4} px="sm" pb="sm" role="alert">
      {gone.map(([id, message]) => (
        <Anchor key={id} component={Link} to={`/customer/${id}`} size="sm">
          {message}
        </Anchor>
      ))}
    </Stack>
  );
}
