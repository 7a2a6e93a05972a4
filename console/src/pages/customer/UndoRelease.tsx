import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { graphql } from "../../gql";
import { useCommand } from "../../graphql/useCommand";
import type { DialogProps } from "./Manage";

const UndoCustomerRelease = graphql(`
  mutation UndoCustomerRelease($customerId: ID!) {
    undoReleases(customerId: $customerId) {
      ... on ReleasesUndone { count ownerLeft claimedMeanwhileCount overCapacity { held capacity member { id name } } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

export function UndoRelease({ customer, onClose, refresh }: DialogProps) {
  const { t } = useTranslation("customer");
  const { run, busy } = useCommand(UndoCustomerRelease, {
    done: ({ count, ownerLeft, overCapacity }) => {
      if (ownerLeft > 0) return t("undoOwnerLeft");
      if (count === 0) return t("undoNothing");
      const [over] = overCapacity;
      const words = t("undoDone", { name: customer.name });
      if (!over) return words;
      const { held, capacity, member } = over;
      return `${words} ${t("undoOver", { member: member.name, held, capacity })}`;
    },
  });
  const undo = async () => {
    await run({ customerId: customer.id });
    refresh();
    onClose();
  };
  return (
    <ConfirmDialog
      opened
      title={t("undoTitle", { name: customer.name })}
      confirm={t("verb.undo")}
      busy={busy}
      onConfirm={() => void undo()}
      onClose={onClose}
    >
      <Text size="sm">{t("undoMore")}</Text>
    </ConfirmDialog>
  );
}
