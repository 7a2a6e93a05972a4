import { Button, Group, NativeSelect, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { graphql } from "../../gql";
import type { UndoRulesVersionMutation } from "../../gql/graphql";
import { type Done, useCommand } from "../../graphql/useCommand";
import { useFormat } from "../../i18n/format";
import { Section } from "./Section";
import { Undone } from "./Undone";

const RulesVersions = graphql(`
  query RulesVersions($poolId: ID!) {
    pool(id: $poolId) {
      id
      rulesVersions(first: 20) {
        nodes { version at savedBy { id name } undoneBy { id name } }
      }
    }
  }
`);

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
  const [version, setVersion] = useState(Math.max(1, pool.rulesVersion - 1));
  const { choices, again } = useChoices(pool);
  const [opened, { open, close }] = useDisclosure();
  const [undone, setUndone] = useState<UndoneValue>();
  const { run, busy } = useCommand(Undo);
  const undo = async () => {
    const outcome = await run({ poolId: pool.id, version });
    close();
    if (outcome.kind !== "done") return;
    setUndone(outcome.value as UndoneValue);
    again({ requestPolicy: "network-only" });
  };
  return (
    <Section title={t("undo.title")} more={t("undo.more", { version: pool.rulesVersion })}>
      <Group align="flex-end" gap="sm">
        <NativeSelect
          label={t("undo.version")}
          value={version}
          onChange={(event) => setVersion(Number(event.currentTarget.value))}
          data={choices}
          flex="0 1 480px"
          miw={0}
        />
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={18} />}
          disabled={choices.length === 0}
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
        {version === pool.rulesVersion && <Text c="var(--sea-soon)">{t("undo.inForce")}</Text>}
      </ConfirmDialog>
    </Section>
  );
}

/** The latest versions, each with its date, who saved it, and whether it was undone already. */
function useChoices({ id, rulesVersion }: Props["pool"]) {
  const { t } = useTranslation("rules");
  const { dateTime } = useFormat();
  const [{ data }, again] = useQuery({
    query: RulesVersions,
    variables: { poolId: id },
    requestPolicy: "cache-and-network",
  });
  const choices = (data?.pool?.rulesVersions.nodes ?? []).map(
    ({ version, at, savedBy, undoneBy }) => {
      const words = [
        // A long name is cut on a phone: it comes last.
        t("undo.nth", { version }),
        version === rulesVersion && t("undo.now"),
        undoneBy && t("undo.by", { name: undoneBy.name }),
        dateTime(at),
        savedBy?.name,
      ];
      return { value: String(version), label: words.filter(Boolean).join(" · ") };
    },
  );
  return { choices, again };
}
