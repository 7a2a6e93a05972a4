import { Anchor, Group, Text } from "@mantine/core";
import { IconLock, IconMail, IconPhone, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

export interface ContactLike {
  person?: string | null;
  phone?: string | null;
  email?: string | null;
  masked: boolean;
}

interface Props {
  contact: ContactLike;
  /** False where the page says once that masked ones are shown to whoever holds the customer. */
  explain?: boolean;
}

/** Person, phone and email; masked ones are no links. */
export function ContactLines({ contact, explain = true }: Props) {
  const { t } = useTranslation("common");
  const { person, phone, email, masked } = contact;
  if (!person && !phone && !email) {
    return (
      <Text size="sm" c="dimmed">
        {t("noContact")}
      </Text>
    );
  }
  return (
    <Group gap="2px 16px">
      {person && <Line icon={IconUser} text={person} />}
      {phone && <Line icon={IconPhone} text={phone} link={masked ? undefined : `tel:${phone}`} />}
      {email && <Line icon={IconMail} text={email} link={masked ? undefined : `mailto:${email}`} />}
      {masked && explain && <Line icon={IconLock} text={t("masked")} quiet />}
    </Group>
  );
}

interface LineProps {
  icon: typeof IconUser;
  text: string;
  link?: string | undefined;
  quiet?: boolean;
}

function Line({ icon: Icon, text, link, quiet = false }: LineProps) {
  return (
    <Group gap={5} wrap="nowrap" miw={0}>
      <Icon size={15} stroke={1.6} color="var(--sea-quiet)" style={{ flex: "none" }} aria-hidden />
      {link ? (
        <Anchor href={link} size="sm">
          {text}
        </Anchor>
      ) : (
        <Text size="sm" c={quiet ? "dimmed" : undefined}>
          {text}
        </Text>
      )}
    </Group>
  );
}
