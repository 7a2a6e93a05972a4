import { Alert, Anchor, List, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Overfull } from "./Overfull";
import type { UndoneValue } from "./UndoReleases";

export function Undone({ undone }: { undone: UndoneValue }) {
  const { t } = useTranslation("rules");
  const { count, ownerLeft, claimedMeanwhile, claimedMeanwhileCount, overCapacity } = undone;
  return (
    <Alert role="status" title={t("undo.done", { count })}>
      {claimedMeanwhileCount > 0 && (
        <>
          <Text size="sm">{t("undo.claimed", { count: claimedMeanwhileCount })}</Text>
          <List size="sm" mb="xs">
            {claimedMeanwhile.map((customer) => (
              <List.Item key={customer.id}>
                <Anchor component={Link} to={`/customer/${customer.id}`} size="sm">
                  {customer.name}
                </Anchor>
                {customer.owner && ` · ${customer.owner.name}`}
              </List.Item>
            ))}
          </List>
        </>
      )}
      {ownerLeft > 0 && <Text size="sm">{t("undo.left", { count: ownerLeft })}</Text>}
      <Overfull members={overCapacity} />
    </Alert>
  );
}
