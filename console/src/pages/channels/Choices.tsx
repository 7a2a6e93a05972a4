import { Checkbox, SimpleGrid } from "@mantine/core";

interface Props {
  title: string;
  more: string;
  error: string | undefined;
  value: string[];
  onChange: (value: string[]) => void;
  choices: { value: string; label: string }[];
}

export function Choices({ title, more, error, value, onChange, choices }: Props) {
  return (
    <Checkbox.Group
      label={title}
      description={more}
      error={error}
      value={value}
      onChange={onChange}
    >
      <SimpleGrid cols={2} spacing="sm" verticalSpacing={8} mt={8}>
        {choices.map((choice) => (
          <Checkbox key={choice.value} {...choice} />
        ))}
      </SimpleGrid>
    </Checkbox.Group>
  );
}
