import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ReleaseInfo } from "../../components/ReleaseInfo";
import { DuplicateList } from "./DuplicateList";
import type { Refused, Registered } from "./useRegister";

export function RegisteredAnswer({ customer }: { customer: Registered }) {
  const { t } = useTranslation("register");
  return (
    <Alert
      variant="default"
      mb="md"
      role="status"
      icon={<IconCircleCheck color="var(--mantine-color-teal-6)" aria-hidden />}
      title={t("done", { name: customer.name })}
    >
      <Stack gap="xs">
        <ReleaseInfo release={customer.holding?.release} />
        <Group>
          <Button component={Link} to={`/customer/${customer.id}`} variant="default" size="xs">
            {t("open")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

export function RefusedAnswer({ refusal }: { refusal: Refused }) {
  const { t } = useTranslation("register");
  const wrong = refusal.__typename === "InvalidInput" ? refusal.problems : [];
  const elsewhere = wrong.filter(({ path }) => !path.startsWith("customer."));
  return (
    <Alert
      variant="default"
      mb="md"
      role="alert"
      icon={<IconInfoCircle color="var(--sea-soon)" aria-hidden />}
      title={t("notRegistered")}
    >
      <Text size="sm">{wrong.length > 0 ? t("seeFields") : refusal.message}</Text>
      {elsewhere.map(({ path, message }) => (
        <Text size="sm" key={path}>
          {message}
        </Text>
      ))}
      {refusal.__typename === "DuplicateFound" && <DuplicateList duplicates={refusal.duplicates} />}
    </Alert>
  );
}
