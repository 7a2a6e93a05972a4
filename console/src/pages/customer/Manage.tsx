import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import type { CustomerFactsFragment } from "../../gql/graphql";
import { serverNow } from "../../graphql/clock";
import { Comment } from "./Comment";
import { GiveToMember } from "./GiveToMember";
import { Merge } from "./Merge";
import { MoveToPool } from "./MoveToPool";
import { UndoRelease } from "./UndoRelease";

export interface DialogProps {
  customer: CustomerFactsFragment;
  onClose: () => void;
  refresh: () => void;
}

const DIALOGS = {
  assign: GiveToMember,
  transfer: GiveToMember,
  comment: Comment,
  move: MoveToPool,
  merge: Merge,
  undo: UndoRelease,
};
type Verb = keyof typeof DIALOGS;

const DAY = 86_400_000;

/** Releases of the last 24 hours can be undone; the API knows whether a rule made this one. */
function verbsOf({ owner, openedAt }: CustomerFactsFragment, pools: number): Verb[] {
  if (owner) return ["comment", "transfer", "merge"];
  const fresh = openedAt && serverNow() - Date.parse(openedAt) < DAY;
  const moves: Verb[] = pools > 1 ? ["move"] : [];
  return ["assign", ...moves, "merge", ...(fresh ? (["undo"] as const) : [])];
}

interface Props {
  customer: CustomerFactsFragment;
  refresh: () => void;
}

/** What an administrator of its pool may do. */
export function Manage({ customer, refresh }: Props) {
  const { t } = useTranslation("customer");
  const { administered } = useMe();
  const [opened, setOpened] = useState<Verb | null>(null);
  const Dialog = opened && DIALOGS[opened];
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
            {t("manage")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {verbsOf(customer, administered.length).map((verb) => (
            <Menu.Item key={verb} onClick={() => setOpened(verb)}>
              {t(`verb.${verb}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {Dialog && <Dialog customer={customer} refresh={refresh} onClose={() => setOpened(null)} />}
    </>
  );
}
