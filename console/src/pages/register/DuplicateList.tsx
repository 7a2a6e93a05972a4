import { Anchor, Badge, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { FoundDuplicateFragment } from "../../gql/graphql";

/** Those that refuse the registration first, then those that are merely alike. */
export function DuplicateList({ duplicates }: { duplicates: FoundDuplicateFragment[] }) {
  const { t } = useTranslation("register");
  const sorted = [...duplicates].sort((one, other) => Number(other.refuses) - Number(one.refuses));
  return (
    <ul className="sea-list register-found" aria-label={t("found.label")}>
      {sorted.map((duplicate, index) => (
        <li key={duplicate.customer?.id ?? index}>
          <One duplicate={duplicate} />
        </li>
      ))}
    </ul>
  );
}

function One({ duplicate }: { duplicate: FoundDuplicateFragment }) {
  const { t } = useTranslation("register");
  const { customer, matchedOn, formerly, standing, refuses } = duplicate;
  return (
    <div className="register-duplicate" data-refuses={refuses}>
      <Group gap={8}>
        {customer ? (
          <Anchor component={Link} to={`/customer/${customer.id}`} fw={600} c="inherit">
            {customer.name}
          </Anchor>
        ) : (
          <Text fw={600}>{t("found.hidden")}</Text>
        )}
        <Badge size="sm" variant="light" tt="none" color={refuses ? "red" : "deepSea"}>
          {t(`standing.${standing}`)}
        </Badge>
      </Group>
      <Text size="sm" c={refuses ? "var(--sea-soon)" : "dimmed"}>
        {matchedOn.length === 0
          ? t("found.alike")
          : matchedOn
              .map((key) => t(wordFor(key, formerly), { key: t(`key.${key}`) }))
              .join(t("and"))}
        {matchedOn.length > 0 && !refuses && ` ${t("found.onlyWarns")}`}
      </Text>
    </div>
  );
}

function wordFor<Key>(key: Key, formerly: Key[]): string {
  return formerly.includes(key) ? "found.formerly" : "found.same";
}
