import {
  Badge,
  Group,
  ScrollArea,
  Stack,
  Text,
  TextInput,
  Title,
  UnstyledButton,
} from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Face } from "../components/Face";
import { LoadingList } from "../components/LoadingList";
import { type DemoPerson, loadDemoPeople, useLoaded } from "./config";
import { signIn } from "./session";

const FEW = 8;

export function DemoPeople() {
  const { t } = useTranslation("signin");
  const people = useLoaded(loadDemoPeople);
  const [search, setSearch] = useState("");
  if (people === undefined) return <LoadingList rows={4} />;
  if (people === null) return <Text c="dimmed">{t("noDemo")}</Text>;
  const wanted = search.trim().toLowerCase();
  const shown = people.filter((person) =>
    [person.name, person.email, person.department].join(" ").toLowerCase().includes(wanted),
  );
  return (
    <Stack gap="xs">
      <Title order={2}>{t("demo")}</Title>
      <Text size="sm" c="dimmed">
        {t("demoMore")}
      </Text>
      {people.length > FEW && (
        <TextInput
          aria-label={t("search")}
          placeholder={t("search")}
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <ScrollArea.Autosize mah={420} offsetScrollbars="present" viewportProps={{ tabIndex: 0 }}>
        <Stack gap={2} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
          {shown.map((person) => (
            <li key={person.email}>
              <Person person={person} />
            </li>
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </Stack>
  );
}

function Person({ person }: { person: DemoPerson }) {
  const { t } = useTranslation("common");
  return (
    <UnstyledButton w="100%" p="xs" className="sea-row" onClick={() => signIn(person.token)}>
      <Group wrap="nowrap">
        <Face name={person.name} />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text fw={500}>{person.name}</Text>
          <Text size="xs" c="dimmed" truncate>
            {[person.email, person.department].filter(Boolean).join(" · ")}
          </Text>
        </div>
        <Badge variant="light" tt="none">
          {t(`role.${person.role as "SALES" | "MANAGER" | "ADMIN"}`)}
        </Badge>
      </Group>
    </UnstyledButton>
  );
}
