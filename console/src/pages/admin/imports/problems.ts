export interface Problem {
  path: string;
  message: string;
}

export interface BadRow {
  /** As the API counts: the header is row 1. */
  row: number;
  problems: { field: string | undefined; message: string }[];
}

const ROW = /^sheet\.(\d+)(?:\.(.+))?$/;
const COLUMN = /^mapping\.(\d+)$/;

/** sheet.12.phone: row 12, field phone. What belongs to no row and no column is in `others`. */
export function byRow(problems: Problem[]) {
  const rows = new Map<number, BadRow>();
  const others: Problem[] = [];
  for (const { path, message } of problems) {
    const place = ROW.exec(path);
    if (!place) {
      if (!path.startsWith("mapping")) others.push({ path, message });
      continue;
    }
    const row = Number(place[1]);
    const bad = rows.get(row) ?? { row, problems: [] };
    bad.problems.push({ field: place[2], message });
    rows.set(row, bad);
  }
  return { bad: [...rows.values()].sort((a, b) => a.row - b.row), others };
}

/** What is wrong with a column's field, by the column's place. */
export function columnProblems(problems: Problem[]): Map<number, string> {
  const found = new Map<number, string>();
  for (const { path, message } of problems) {
    const place = COLUMN.exec(path);
    if (place) found.set(Number(place[1]), message);
  }
  return found;
}
