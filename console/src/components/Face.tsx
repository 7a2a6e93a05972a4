import { Avatar } from "@mantine/core";

/** The given name's characters, or the initials: only beside the name itself. */
export function Face({ name, size }: { name: string; size?: number }) {
  return (
    <Avatar size={size} variant="light" color="deepSea" aria-hidden>
      {shortOf(name)}
    </Avatar>
  );
}

function shortOf(name: string): string {
  if (/\p{Script=Han}/u.test(name)) return Array.from(name).slice(-2).join("");
  const words = name.split(/\s+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => Array.from(word)[0]?.toUpperCase())
    .join("");
}
