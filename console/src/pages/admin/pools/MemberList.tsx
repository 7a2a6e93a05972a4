import { Pill, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type MemberChoice, MemberSelect } from "../../../components/MemberSelect";

interface Props {
  title: string;
  label: string;
  members: MemberChoice[];
  onChange: (members: MemberChoice[]) => void;
}

/** Several members: each can be taken out, another one added. */
export function MemberList({ title, label, members, onChange }: Props) {
  const { t } = useTranslation("admin");
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
              "aria-label": t("pools.remove", { name }),
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
        without={members.map(({ id }) => id)}
        onChange={add}
      />
    </Stack>
  );
}
