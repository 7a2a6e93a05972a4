import { Stack } from "@mantine/core";
import { useQuery } from "urql";
import { ErrorState } from "../../components/ErrorState";
import { LoadingList } from "../../components/LoadingList";
import { graphql } from "../../gql";
import { DuplicateKeysForm } from "./DuplicateKeysForm";
import { LookupLimitForm } from "./LookupLimitForm";
import { Misses } from "./Misses";

const AdminDuplicates = graphql(`
  query AdminDuplicates {
    organization {
      id
      duplicateKeys
      lookupLimit
      manyMisses { misses at message member { id name } }
    }
  }
`);

/** What refuses a duplicate, and who guesses. */
export default function Duplicates() {
  const [{ data, error }, again] = useQuery({
    query: AdminDuplicates,
    requestPolicy: "cache-and-network",
  });
  if (error && !data) return <ErrorState error={error} onRetry={() => again()} />;
  if (!data) return <LoadingList rows={3} height={140} />;
  const { duplicateKeys, lookupLimit, manyMisses } = data.organization;
  return (
    <Stack>
      <DuplicateKeysForm saved={duplicateKeys} />
      <LookupLimitForm saved={lookupLimit} />
      <Misses misses={manyMisses} />
    </Stack>
  );
}
