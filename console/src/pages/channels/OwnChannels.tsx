import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { Card } from "../../components/Card";
import { ErrorState } from "../../components/ErrorState";
import { LoadingList } from "../../components/LoadingList";
import { graphql } from "../../gql";
import { ChannelList } from "./ChannelList";

export const ChannelFields = graphql(`
  fragment ChannelFields on Channel {
    id
    kind
    address
    signed
    language
    kinds
    quietFrom
    quietTo
    digestEvery
    createdAt
    pools { id name }
  }
`);

const OwnChannelsQuery = graphql(`
  query OwnChannels {
    viewer { id channels { ...ChannelFields } }
  }
`);

/** Where one's own alerts go besides the inbox. */
export function OwnChannels() {
  const { t } = useTranslation("channels");
  const [{ data, error }, again] = useQuery({ query: OwnChannelsQuery });
  const channels = data?.viewer.channels;
  return (
    <Card title={t("own")} more={t("ownMore")}>
      {error && !channels && <ErrorState error={error} onRetry={() => again()} />}
      {!error && !channels && <LoadingList rows={1} />}
      {channels && <ChannelList channels={channels} forOrganization={false} />}
    </Card>
  );
}
