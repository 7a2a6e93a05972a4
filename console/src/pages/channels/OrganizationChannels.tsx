import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { Card } from "../../components/Card";
import { ErrorState } from "../../components/ErrorState";
import { LoadingList } from "../../components/LoadingList";
import { graphql } from "../../gql";
import { ChannelList } from "./ChannelList";
import { QuietHours } from "./QuietHours";

const AdminChannels = graphql(`
  query AdminChannels {
    organization {
      id
      quietHours { quietFrom quietTo }
      channels { ...ChannelFields }
    }
  }
`);

/** Where the alerts of all members go, and when no channel disturbs anybody. */
export default function OrganizationChannels() {
  const { t } = useTranslation("channels");
  const [{ data, error }, again] = useQuery({ query: AdminChannels });
  if (error && !data) return <ErrorState error={error} onRetry={() => again()} />;
  if (!data) return <LoadingList rows={3} height={140} />;
  const { quietHours, channels } = data.organization;
  return (
    <Stack>
      <Card title={t("organization")} more={t("organizationMore")}>
        <ChannelList channels={channels} forOrganization />
      </Card>
      <QuietHours key={JSON.stringify(quietHours)} saved={quietHours ?? null} />
    </Stack>
  );
}
