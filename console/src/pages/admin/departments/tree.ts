import type { AdminDepartmentsQuery } from "../../../gql/graphql";

export type Department = AdminDepartmentsQuery["organization"]["departments"][number];

export interface Placed {
  department: Department;
  /** 0 where nothing is above it. */
  level: number;
}

/** Each department after the one above it; those beside each other stay in their order. */
export function inTree(
  departments: Department[],
  above: string | null = null,
  level = 0,
): Placed[] {
  return departments
    .filter(({ parent }) => (parent?.id ?? null) === above)
    .flatMap((department) => [
      { department, level },
      ...inTree(departments, department.id, level + 1),
    ]);
}

/** Where a department may go: not below itself. */
export function parentsFor(departments: Department[], moved: Department | null): Placed[] {
  const below = new Set(
    moved ? inTree(departments, moved.id).map((each) => each.department.id) : [],
  );
  return inTree(departments).filter(({ department: { id } }) => id !== moved?.id && !below.has(id));
}
