import { Button, Group, Stack } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useQuery } from "urql";
import { useMe } from "../../../app/me";
import { EmptyState } from "../../../components/EmptyState";
import { ErrorState } from "../../../components/ErrorState";
import { LoadingList } from "../../../components/LoadingList";
import { graphql } from "../../../gql";
import { PoolCard } from "./PoolCard";

export const PoolAccessFields = graphql(`
  fragment PoolAccessFields on Pool {
    id
    name
    administrators { id name }
    access {
      members { id name }
      departments { id name }
    }
  }
`);

const AdminPool = graphql(`
  query AdminPool($id: ID!) {
    pool(id: $id) { ...PoolAccessFields }
  }
`);

/** The pools that the viewer administers. A new one is made beside the rules. */
export default function Pools() {
  const { t } = useTranslation("admin");
  const { administered, viewer } = useMe();
  const create = viewer.role !== "SALES" && (
    <Button component={Link} to="/rules" leftSection={<IconPlus size={18} aria-hidden />}>
      {t("pools.create")}
    </Button>
  );
  if (administered.length === 0) {
    return (
      <EmptyState title={t("pools.none")} action={create}>
        {t("pools.noneMore")}
      </EmptyState>
    );
  }
  return (
    <Stack>
      {create && <Group>{create}</Group>}
      {administered.map(({ id }) => (
        <OnePool key={id} id={id} />
      ))}
    </Stack>
  );
}

function OnePool({ id }: { id: string }) {
  const [{ data, error }, again] = useQuery({ query: AdminPool, variables: { id } });
  if (error && !data?.pool) return <ErrorState error={error} onRetry={() => again()} />;
  return data?.pool ? <PoolCard pool={data.pool} /> : <LoadingList rows={1} height={180} />;
}
