import { useQuery } from "urql";
import { graphql } from "../../gql";
import type { AdminDepartmentsQuery } from "../../gql/graphql";

export const AdminDepartments = graphql(`
  query AdminDepartments {
    organization { id departments { id name parent { id name } lead { id name } } }
  }
`);

const NONE: AdminDepartmentsQuery["organization"]["departments"] = [];

/** Empty while loading. */
export function useDepartments() {
  const [{ data }] = useQuery({ query: AdminDepartments });
  return data?.organization.departments ?? NONE;
}
