import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { ErrorState } from "../../components/ErrorState";
import { LoadingList } from "../../components/LoadingList";
import { graphql } from "../../gql";
import { useCommand } from "../../graphql/useCommand";
import { LimitForm } from "./LimitForm";

const AdminExports = graphql(`
  query AdminExports {
    organization { id exportLimit }
  }
`);

const SetExportLimit = graphql(`
  mutation SetExportLimit($perDay: Int!) {
    setExportLimit(perDay: $perDay) {
      ... on OrganizationSaved { organization { id exportLimit } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

/** How much a member may take along. */
export default function Exports() {
  const { t } = useTranslation("exports");
  const [{ data, error }, again] = useQuery({
    query: AdminExports,
    requestPolicy: "cache-and-network",
  });
  const { run, busy } = useCommand(SetExportLimit, {
    showsRefusals: true,
    done: () => t("limit.saved"),
  });
  if (error && !data) return <ErrorState error={error} onRetry={() => again()} />;
  if (!data) return <LoadingList rows={1} height={140} />;
  return (
    <LimitForm
      title={t("limit.title")}
      more={t("limit.more")}
      suffix={t("limit.perDay")}
      saved={data.organization.exportLimit}
      busy={busy}
      field="perDay"
      onSave={(perDay) => run({ perDay })}
    />
  );
}
