import { Alert, Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustments, IconAlertTriangle, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { useQuery } from "urql";
import { useMe } from "../../app/me";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { LoadingList } from "../../components/LoadingList";
import { NotFound } from "../../components/NotFound";
import { PageHeader } from "../../components/PageHeader";
import { PoolChoice } from "../../components/PoolChoice";
import { graphql } from "../../gql";
import type { RulesValues } from "./form";
import { NewPool } from "./NewPool";
import { RulesProgressBar } from "./Progress";
import { RulesEditor } from "./RulesEditor";
import "./rules.css";

const PoolRules = graphql(`
  query PoolRules($id: ID!) { pool(id: $id) { ...RulesFields } }
`);

interface Outdated {
  poolId: string;
  version: number;
  typed: Partial<RulesValues>;
}

export default function Rules() {
  const { t } = useTranslation("rules");
  const { administered, viewer } = useMe();
  const { poolId = administered[0]?.id ?? "" } = useParams();
  const navigate = useNavigate();
  const [saved, setSaved] = useState<string>();
  const [outdated, setOutdated] = useState<Outdated>();
  const [creating, { open, close }] = useDisclosure();
  const [made, setMade] = useState<string>();
  const mayRule = poolId === made || administered.some(({ id }) => id === poolId);
  const [{ data, error }, again] = useQuery({
    query: PoolRules,
    variables: { id: poolId },
    pause: !mayRule,
  });
  const pool = data?.pool?.id === poolId ? data.pool : undefined;
  const meanwhile = outdated?.poolId === poolId ? outdated : undefined;
  const show = (id: string) => navigate(`/rules/${id}`);
  const created = (id: string) => {
    setMade(id);
    show(id);
  };
  const creates = viewer.role !== "SALES";
  const create = (
    <Button variant="light" leftSection={<IconPlus size={18} />} onClick={open}>
      {t("new.title")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        subtitle={pool && t("inForce", { name: pool.name, version: pool.rulesVersion })}
      >
        {administered.length > 0 && (
          <Group gap="sm">
            <PoolChoice pools={administered} value={poolId} onChange={show} />
            {creates && create}
          </Group>
        )}
      </PageHeader>
      {creating && <NewPool opened pool={pool} onClose={close} onCreated={created} />}
      {administered.length === 0 && !mayRule && (
        <EmptyState title={t("empty")} icon={IconAdjustments} action={creates && create}>
          {t("emptyMore")}
        </EmptyState>
      )}
      {administered.length > 0 && !mayRule && <NotFound />}
      {mayRule && error && !pool && <ErrorState error={error} onRetry={() => again()} />}
      {mayRule && !error && !pool && <LoadingList rows={5} height={140} />}
      {pool && (
        <>
          {meanwhile && (
            <Alert
              mb="md"
              role="alert"
              color="orange"
              icon={<IconAlertTriangle size={20} />}
              title={t("outdated.title", { version: meanwhile.version })}
            >
              {t("outdated.more")}
            </Alert>
          )}
          <RulesProgressBar
            key={`progress ${poolId} ${pool.rulesVersion}`}
            poolId={poolId}
            version={pool.rulesVersion}
            saved={saved === poolId}
          />
          <RulesEditor
            key={`rules ${poolId} ${pool.rulesVersion}`}
            pool={pool}
            carried={meanwhile?.typed}
            onSaved={() => {
              setSaved(poolId);
              setOutdated(undefined);
              window.scrollTo({ top: 0 });
            }}
            onOutdated={(version, typed) => {
              setOutdated({ poolId, version, typed });
              again({ requestPolicy: "network-only" });
              window.scrollTo({ top: 0 });
            }}
          />
        </>
      )}
    </>
  );
}
