import { Anchor, Checkbox, Group, Input, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe } from "../../app/me";
import { MoreList } from "../../components/MoreList";
import { graphql } from "../../gql";
import { usePages } from "../../graphql/usePages";
import "./member.css";

const HeldByMember = graphql(`
  query HeldByMember($id: ID!, $after: Cursor, $search: String) {
    node(id: $id) {
      id
      ... on Member {
        privatePool {
          customers(first: 50, after: $after, orderBy: NAME, search: $search) {
            totalCount
            pageInfo { hasNextPage endCursor }
            nodes { id name pool { id name } }
          }
        }
      }
    }
  }
`);

interface Props {
  memberId: string;
  chosen: string[];
  onChange: (ids: string[]) => void;
  error: string | undefined;
}

/** Which customers of a member: those for which the viewer decides. */
export function HeldChoice({ memberId, chosen, onChange, error }: Props) {
  const { t } = useTranslation("member");
  const { isAdmin, led, administered } = useMe();
  const [search, setSearch] = useState("");
  const [settled] = useDebouncedValue(search.trim(), 300);
  const pages = usePages(HeldByMember, { id: memberId, search: settled || null }, ({ node }) =>
    node && "privatePool" in node ? node.privatePool.customers : null,
  );
  const decides = (poolId: string) =>
    isAdmin || led.length > 0 || administered.some(({ id }) => id === poolId);
  const toggle = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    <>
      <TextInput
        aria-label={t("handOver.search")}
        placeholder={t("handOver.search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {error && <Input.Error role="alert">{error}</Input.Error>}
      <div className="held-choice">
        <MoreList
          pages={pages}
          label={t("handOver.which")}
          empty={settled ? t("handOver.nothingFound") : t("handOver.holdsNothing")}
          keyOf={(customer) => customer.id}
          shows={({ pool }) => decides(pool.id)}
        >
          {({ id, name, pool }) => (
            <Group gap="sm" wrap="nowrap" align="flex-start">
              <Checkbox
                mt={2}
                aria-label={t("handOver.select", { name })}
                checked={chosen.includes(id)}
                onChange={() => toggle(id)}
              />
              <div>
                <Anchor component={Link} to={`/customer/${id}`} size="sm" fw={500}>
                  {name}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {pool.name}
                </Text>
              </div>
            </Group>
          )}
        </MoreList>
      </div>
    </>
  );
}
