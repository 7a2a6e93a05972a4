import { Anchor, Button, Group, List, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import type { RulesInput } from "../../gql/graphql";
import type { Previewed } from "./preview";

interface Props {
  changes: (keyof RulesInput)[];
  previewed: Previewed;
  hasErrors: boolean;
  busy: boolean;
  onSave: () => Promise<void>;
  onDiscard: () => void;
}

/** Stays in sight while something is changed; nothing is saved without the effect in words. */
export function SaveBar({ changes, previewed, hasErrors, busy, onSave, onDiscard }: Props) {
  const { t } = useTranslation("rules");
  const [opened, { open, close }] = useDisclosure();
  const { preview, current, error } = previewed;
  const known = current && !hasErrors && !error && preview !== undefined;
  const atOnce = known ? preview.releasedAtOnce : 0;
  const told = atOnce > 0 ? t("save.atOnce", { count: atOnce }) : t("save.nobodyAtOnce");
  const save = async () => {
    await onSave();
    close();
  };
  return (
    <Group className="sea-card sea-save" justify="space-between" gap="xs">
      <div>
        <Text fw={600}>{t("save.changes", { count: changes.length })}</Text>
        <Anchor
          component="button"
          type="button"
          size="sm"
          ta="left"
          c={atOnce > 0 || hasErrors ? "var(--sea-soon)" : "dimmed"}
          onClick={hasErrors ? showWrong : showEffect}
        >
          {hasErrors ? t("save.wrong") : known ? told : t("save.wait")}
        </Anchor>
      </div>
      <Group gap="xs">
        <Button variant="default" onClick={onDiscard}>
          {t("save.discard")}
        </Button>
        <Button disabled={hasErrors || (!current && !error)} onClick={open}>
          {t("save.save")}
        </Button>
      </Group>
      <ConfirmDialog
        opened={opened}
        title={t("save.title")}
        confirm={t("save.confirm")}
        danger={atOnce > 0}
        busy={busy}
        onConfirm={() => void save()}
        onClose={close}
      >
        <Text>{t("save.changed")}</Text>
        <List size="sm">
          {changes.map((name) => (
            <List.Item key={name}>{t(`field.${name}`)}</List.Item>
          ))}
        </List>
        {known && (
          <Text c={atOnce > 0 ? "var(--sea-soon)" : undefined} fw={600}>
            {t("save.effect", {
              atOnce,
              earlier: preview.earlier,
              later: preview.later,
            })}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {t("save.undo")}
        </Text>
      </ConfirmDialog>
    </Group>
  );
}

function showWrong(): void {
  const wrong = document.querySelector("[data-wrong]");
  wrong?.scrollIntoView({ block: "center" });
  wrong?.closest("[data-path]")?.querySelector<HTMLInputElement>("input:enabled")?.focus();
}

/** On a phone it stands far below. */
function showEffect(): void {
  document.querySelector(".sea-beside")?.scrollIntoView({ block: "start" });
}
