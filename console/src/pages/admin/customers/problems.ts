import type { RefusalLike } from "../../../graphql/useCommand";

export interface BadLine {
  /** As the API counts: the header is line 1. */
  line: number;
  problems: { field: string | undefined; message: string }[];
}

const PLACE = /^csv\.(\d+)(?:\.(.+))?$/;

/** csv.12.phone: line 12, field phone. What belongs to no line is in `others`. */
export function byLine({ problems = [], message }: RefusalLike) {
  const lines = new Map<number, BadLine>();
  const others: string[] = [];
  for (const each of problems) {
    const place = PLACE.exec(each.path);
    if (!place) {
      others.push(each.message);
      continue;
    }
    const line = Number(place[1]);
    const bad = lines.get(line) ?? { line, problems: [] };
    bad.problems.push({ field: place[2], message: each.message });
    lines.set(line, bad);
  }
  if (problems.length === 0) others.push(message);
  return { bad: [...lines.values()].sort((a, b) => a.line - b.line), others };
}
