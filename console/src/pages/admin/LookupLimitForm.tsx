import { useTranslation } from "react-i18next";
import { graphql } from "../../gql";
import { useCommand } from "../../graphql/useCommand";
import { LimitForm } from "./LimitForm";

const SetLookupLimit = graphql(`
  mutation SetLookupLimit($perHour: Int!) {
    setLookupLimit(perHour: $perHour) {
      ... on OrganizationSaved { organization { id lookupLimit } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

export function LookupLimitForm({ saved }: { saved: number }) {
  const { t } = useTranslation("admin");
  const { run, busy } = useCommand(SetLookupLimit, {
    showsRefusals: true,
    done: () => t("duplicates.limitSaved"),
  });
  return (
    <LimitForm
      title={t("duplicates.limit")}
      more={t("duplicates.limitMore")}
      suffix={t("duplicates.perHour")}
      saved={saved}
      busy={busy}
      field="perHour"
      onSave={(perHour) => run({ perHour })}
    />
  );
}
