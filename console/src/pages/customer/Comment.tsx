import { Text, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { graphql } from "../../gql";
import { useCommand } from "../../graphql/useCommand";
import { useDraft } from "../../graphql/useDraft";
import type { DialogProps } from "./Manage";

const CommentOnCustomer = graphql(`
  mutation CommentOnCustomer($customerId: ID!, $text: String!, $idempotencyKey: String) {
    comment(customerId: $customerId, text: $text, idempotencyKey: $idempotencyKey) {
      ... on Commented { customer { ...CustomerFacts } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

/** The owner is alerted; no deadline moves. */
export function Comment({ customer, onClose, refresh }: DialogProps) {
  const { t } = useTranslation("customer");
  const [text, setText, clear] = useDraft(`comment.${customer.id}`, "");
  const { run, busy } = useCommand(CommentOnCustomer, {
    done: () => t("commentDone", { name: customer.name }),
  });
  const send = async () => {
    const outcome = await run({ customerId: customer.id, text });
    if (outcome.kind !== "done") return;
    clear();
    refresh();
    onClose();
  };
  return (
    <ConfirmDialog
      opened
      title={t("commentTitle", { name: customer.name })}
      confirm={t("verb.commentNow")}
      busy={busy}
      disabled={!text.trim()}
      onConfirm={() => void send()}
      onClose={onClose}
    >
      <Text size="sm">{t("commentMore", { owner: customer.owner?.name })}</Text>
      <Textarea
        label={t("commentText")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={5_000}
        autosize
        minRows={2}
        maxRows={8}
      />
    </ConfirmDialog>
  );
}
