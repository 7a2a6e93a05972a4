import { Anchor, Group, Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { AbsentBadge } from "../../components/AbsentBadge";
import { Card } from "../../components/Card";
import { Export } from "../../components/exports/Export";
import { MoreList } from "../../components/MoreList";
import { graphql } from "../../gql";
import type { TeamLoadsQuery } from "../../gql/graphql";
import { usePages } from "../../graphql/usePages";

const TeamLoads = graphql(`
  query TeamLoads($poolId: ID!, $after: Cursor) {
    members(first: 50, after: $after) {
      nodes {
        id name active absences { from to } department { id name }
        privatePool(poolId: $poolId) { held capacity claimedToday }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

type Member = TeamLoadsQuery["members"]["nodes"][number];

/** Who holds how much of what they may. */
export function Loads({ poolId }: { poolId: string }) {
  const { t } = useTranslation("team");
  const pages = usePages(TeamLoads, { poolId }, (data) => data.members);
  return (
    <Card title={t("loads.title")}>
      <MoreList
        pages={pages}
        label={t("loads.title")}
        empty={t("loads.empty")}
        keyOf={(member) => member.id}
        shows={({ privatePool: { held, capacity } }) => held > 0 || Boolean(capacity)}
      >
        {(member) => <Load member={member} poolId={poolId} />}
      </MoreList>
    </Card>
  );
}

function Load({ member, poolId }: { member: Member; poolId: string }) {
  const { t } = useTranslation("team");
  const { held, capacity, claimedToday } = member.privatePool;
  const limited = typeof capacity === "number";
  const share = limited ? (100 * held) / Math.max(capacity, 1) : 0;
  const over = limited && held > capacity;
  return (
    <div>
      <Group gap="sm" wrap="nowrap">
        <Text fw={500} miw={0} flex={1} component="div">
          <Anchor component={Link} to={`/member/${member.id}`} c="inherit">
            {member.name}
          </Anchor>
          {member.department && (
            <Text span size="sm" c="dimmed">
              {" · "}
              {member.department.name}
            </Text>
          )}{" "}
          <AbsentBadge absences={member.absences} />
        </Text>
        <Text
          size="sm"
          className="sea-number"
          c={over ? "var(--sea-soon)" : undefined}
          style={{ whiteSpace: "nowrap" }}
        >
          {limited ? t("loads.of", { held, capacity }) : t("loads.held", { held })}
        </Text>
        <Export
          compact
          sheet={{ of: "privatePool", memberId: member.id, poolId }}
          label={t("loads.export", { name: member.name })}
        />
      </Group>
      {limited && (
        <Progress
          mt={4}
          value={Math.min(share, 100)}
          color={over ? "red" : undefined}
          aria-label={t("loads.share", { name: member.name })}
        />
      )}
      {claimedToday > 0 && (
        <Text size="xs" c="dimmed">
          {t("loads.today", { count: claimedToday })}
        </Text>
      )}
    </div>
  );
}
