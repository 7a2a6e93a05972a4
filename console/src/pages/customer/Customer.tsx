import { Stack } from "@mantine/core";
import { useParams } from "react-router";
import { useQuery } from "urql";
import { ErrorState } from "../../components/ErrorState";
import { LoadingList } from "../../components/LoadingList";
import { NotFound } from "../../components/NotFound";
import { graphql } from "../../gql";
import { ContactCard } from "./ContactCard";
import { CustomerHeader } from "./CustomerHeader";
import { Events } from "./Events";
import { FollowUps } from "./FollowUps";
import { FormerKeys } from "./FormerKeys";
import { HoldingCard } from "./HoldingCard";
import "./customer.css";

export const CustomerFacts = graphql(`
  fragment CustomerFacts on Customer {
    ...HeldRow
    createdAt
    openedAt
    owner { id name }
    pool { id name administrators { id } }
    claimable {
      __typename
      ... on Claimable { releaseAt }
      ... on Refusal { message }
    }
    formerKeys { key value since }
  }
`);

const CustomerPage = graphql(`
  query CustomerPage($id: ID!) {
    customer(id: $id) { ...CustomerFacts }
  }
`);

export default function Customer() {
  const { id = "" } = useParams();
  const [{ data, error, stale }, again] = useQuery({
    query: CustomerPage,
    variables: { id },
    requestPolicy: "cache-and-network",
  });
  const customer = data?.customer;
  if (error && !customer) return <ErrorState error={error} onRetry={() => again()} />;
  if (!customer) return data && !stale ? <NotFound /> : <LoadingList rows={4} height={120} />;
  const refresh = () => again({ requestPolicy: "network-only" });
  return (
    <>
      <CustomerHeader customer={customer} refresh={refresh} />
      <div className="customer-page">
        <Stack>
          <HoldingCard customer={customer} />
          <ContactCard customer={customer} />
          <FormerKeys customer={customer} refresh={refresh} />
        </Stack>
        <Stack>
          <FollowUps id={customer.id} />
          <Events id={customer.id} />
        </Stack>
      </div>
    </>
  );
}
