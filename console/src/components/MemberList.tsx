import { Pill, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type MemberChoice, MemberSelect } from "./MemberSelect";

interface Props {
  title: string;
  label: string;
  members: MemberChoice[];
  onChange: (members: MemberChoice[]) => void;
  /** Who can't be chosen beside those chosen already. */
  without?: string[];
  error?: string | undefined;
}

/** Several members: each can be taken out, another one added. */
export function MemberList({ title, label, members, onChange, without = [], error }: Props) {
  const { t } = useTranslation("common");
  const [added, setAdded] = useState(0);
  const add = (member: MemberChoice | null) => {
    if (!member) return;
    onChange([...members, member]);
    setAdded(added + 1);
  };
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Pill.Group>
        {members.map(({ id, name }) => (
          <Pill
            key={id}
            size="md"
            withRemoveButton
            removeButtonProps={{
              "aria-label": t("remove", { name }),
              "aria-hidden": false,
              tabIndex: 0,
            }}
            onRemove={() => onChange(members.filter((each) => each.id !== id))}
          >
            {name}
          </Pill>
        ))}
      </Pill.Group>
      <MemberSelect
        key={added}
        label={label}
        value={null}
        without={[...without, ...members.map(({ id }) => id)]}
        onChange={add}
        error={error}
      />
    </Stack>
  );
}
