import { Stack } from "@mantine/core";
import { useParams } from "react-router";
import { useQuery } from "urql";
import { useMe } from "../../app/me";
import { ErrorState } from "../../components/ErrorState";
import { LoadingList } from "../../components/LoadingList";
import { NotFound } from "../../components/NotFound";
import { graphql } from "../../gql";
import { OwnChannels } from "../channels/OwnChannels";
import { Absences } from "./Absences";
import { HandOver } from "./HandOver";
import { MemberHeader } from "./MemberHeader";

export const MemberFacts = graphql(`
  fragment MemberFacts on Member {
    id
    name
    email
    role
    active
    absences { from to }
    department { id name }
  }
`);

const MemberPage = graphql(`
  query MemberPage($id: ID!) {
    node(id: $id) { id ... on Member { ...MemberFacts } }
  }
`);

/** A colleague, or oneself: absences, what they hold and who gets it, one's own channels. */
export default function Member() {
  const { id = "" } = useParams();
  const { viewer, administered, led } = useMe();
  const [{ data, error, stale }, again] = useQuery({
    query: MemberPage,
    variables: { id },
    requestPolicy: "cache-and-network",
  });
  const member = data?.node && "absences" in data.node ? data.node : null;
  if (error && !member) return <ErrorState error={error} onRetry={() => again()} />;
  if (!member) return data && !stale ? <NotFound /> : <LoadingList rows={4} height={120} />;
  const decides = administered.length > 0 || led.length > 0;
  return (
    <>
      <MemberHeader member={member} />
      <Stack key={member.id}>
        {member.active && <Absences member={member} />}
        {decides && member.active && <HandOver member={member} />}
        {member.id === viewer.id && <OwnChannels />}
      </Stack>
    </>
  );
}
