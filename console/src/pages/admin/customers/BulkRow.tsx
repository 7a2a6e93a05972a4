import { Anchor, Badge, Checkbox, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { graphql } from "../../../gql";
import type { BulkRowFragment } from "../../../gql/graphql";

export const BulkRowFields = graphql(`
  fragment BulkRow on Customer { id name level openedAt }
`);

interface Props {
  customer: BulkRowFragment;
  selected: boolean;
  refusal: string | undefined;
  onToggle: () => void;
}

export function BulkRow({ customer: { id, name, level }, selected, refusal, onToggle }: Props) {
  const { t } = useTranslation("admin");
  return (
    <div className="sea-card admin-row">
      <Group gap="sm" wrap="nowrap" miw={0} align="flex-start">
        <Checkbox
          aria-label={t("bulk.select", { name })}
          checked={selected}
          onChange={onToggle}
          size="md"
        />
        <div>
          <Group gap={8}>
            <Anchor component={Link} to={`/customer/${id}`} c="inherit" fw={600}>
              {name}
            </Anchor>
            {level && (
              <Badge size="sm" variant="light" tt="none">
                {t("level", { level })}
              </Badge>
            )}
          </Group>
          {refusal && (
            <Text size="sm" c="var(--sea-soon)" role="alert">
              {refusal}
            </Text>
          )}
        </div>
      </Group>
    </div>
  );
}
