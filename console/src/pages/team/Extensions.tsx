import { useTranslation } from "react-i18next";
import { Card } from "../../components/Card";
import { MoreList } from "../../components/MoreList";
import { graphql } from "../../gql";
import type { WaitingExtensionsQuery } from "../../gql/graphql";
import { useCommand } from "../../graphql/useCommand";
import { usePages } from "../../graphql/usePages";
import { useFormat } from "../../i18n/format";
import { Waiting } from "./Waiting";

const WaitingExtensions = graphql(`
  query WaitingExtensions($poolId: ID!, $after: Cursor) {
    pool(id: $poolId) {
      id
      extensions(first: 20, after: $after) {
        nodes {
          id by reason status
          customer { id name owner { id name } holding { release { at } } }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

const DecideExtension = graphql(`
  mutation DecideExtension($extensionId: ID!, $approve: Boolean!, $note: String) {
    decideExtension(extensionId: $extensionId, approve: $approve, note: $note) {
      __typename
      ... on Extension {
        id status
        customer { id holding { remindAt release { ...ReleaseFields } } }
      }
      ... on InvalidInput { message problems { path message } }
      ... on Refusal { message }
    }
  }
`);

type Extension = NonNullable<WaitingExtensionsQuery["pool"]>["extensions"]["nodes"][number];

export function Extensions({ poolId }: { poolId: string }) {
  const { t } = useTranslation("team");
  const pages = usePages(WaitingExtensions, { poolId }, (data) => data.pool?.extensions);
  return (
    <Card title={t("extension.title")}>
      <MoreList
        pages={pages}
        label={t("extension.title")}
        empty={t("extension.empty")}
        keyOf={(extension) => extension.id}
        shows={(extension) => extension.status === "PENDING"}
      >
        {(extension) => <Row extension={extension} onDecided={pages.refresh} />}
      </MoreList>
    </Card>
  );
}

function Row({ extension, onDecided }: { extension: Extension; onDecided: () => void }) {
  const { t } = useTranslation("team");
  const { duration } = useFormat();
  const { customer } = extension;
  const { run, busy } = useCommand(DecideExtension, {
    done: (value) =>
      t("status" in value && value.status === "APPROVED" ? "extension.yes" : "extension.no", {
        name: customer.name,
      }),
  });
  return (
    <Waiting
      customer={customer}
      kind="extension"
      busy={busy}
      onDecide={async (approve, note) => {
        await run({ extensionId: extension.id, approve, note });
        onDecided();
      }}
    >
      {t("extension.asks", {
        name: customer.owner?.name,
        by: duration(extension.by),
        reason: extension.reason,
      })}
    </Waiting>
  );
}
