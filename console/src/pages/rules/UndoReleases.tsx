import { Button, Group, NumberInput, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { graphql } from "../../gql";
import type { UndoRulesVersionMutation } from "../../gql/graphql";
import { type Done, useCommand } from "../../graphql/useCommand";
import { Section } from "./Section";
import { Undone } from "./Undone";

const Undo = graphql(`
  mutation UndoRulesVersion($poolId: ID!, $version: Int!) {
    undoReleases(poolId: $poolId, rulesVersion: $version) {
      __typename
      ... on ReleasesUndone {
        count claimedMeanwhileCount ownerLeft
        claimedMeanwhile { id name owner { id name } }
        overCapacity { held capacity member { id name } }
      }
      ... on InvalidInput { message problems { path message } }
      ... on Refusal { message }
    }
  }
`);

export type UndoneValue = Extract<Done<UndoRulesVersionMutation>, { __typename: "ReleasesUndone" }>;

interface Props {
  pool: { id: string; name: string; rulesVersion: number };
}

/** Takes back what a version of the rules released in the last 24 hours. */
export function UndoReleases({ pool }: Props) {
  const { t } = useTranslation("rules");
  const [version, setVersion] = useState<number | string>(Math.max(1, pool.rulesVersion - 1));
  const [opened, { open, close }] = useDisclosure();
  const [undone, setUndone] = useState<UndoneValue>();
  const { run, busy } = useCommand(Undo);
  const undo = async () => {
    const outcome = await run({ poolId: pool.id, version: Number(version) });
    close();
    if (outcome.kind === "done") setUndone(outcome.value as UndoneValue);
  };
  return (
    <Section title={t("undo.title")} more={t("undo.more", { version: pool.rulesVersion })}>
      <Group align="flex-end" gap="sm">
        <NumberInput
          label={t("undo.version")}
          value={version}
          onChange={setVersion}
          min={1}
          max={pool.rulesVersion}
          clampBehavior="strict"
          allowDecimal={false}
          w={140}
        />
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={18} />}
          disabled={version === ""}
          onClick={open}
        >
          {t("undo.undo")}
        </Button>
      </Group>
      {undone && <Undone undone={undone} />}
      <ConfirmDialog
        opened={opened}
        title={t("undo.sure", { version })}
        confirm={t("undo.undo")}
        busy={busy}
        onConfirm={() => void undo()}
        onClose={close}
      >
        <Text>{t("undo.what")}</Text>
        {Number(version) === pool.rulesVersion && (
          <Text c="var(--sea-soon)">{t("undo.inForce")}</Text>
        )}
      </ConfirmDialog>
    </Section>
  );
}
