// The sheets that the API makes, and the mutation that asks for each.
import type { AnyVariables, TypedDocumentNode } from "urql";
import { graphql } from "../../gql";
import type { ExportPoolMutation } from "../../gql/graphql";

const ExportPool = graphql(`
  mutation ExportPool($poolId: ID!, $format: SheetFormat!) {
    exportPool(poolId: $poolId, format: $format) {
      ... on SheetReady { url rows }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const ExportPrivatePool = graphql(`
  mutation ExportPrivatePool($memberId: ID, $poolId: ID, $format: SheetFormat!) {
    exportPrivatePool(memberId: $memberId, poolId: $poolId, format: $format) {
      ... on SheetReady { url rows }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const ExportHistory = graphql(`
  mutation ExportHistory($customerId: ID!, $format: SheetFormat!) {
    exportHistory(customerId: $customerId, format: $format) {
      ... on SheetReady { url rows }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

const ExportPoolReport = graphql(`
  mutation ExportPoolReport(
    $poolId: ID!, $from: DateTime!, $to: DateTime!, $departmentId: ID, $format: SheetFormat!
  ) {
    exportPoolReport(
      poolId: $poolId, from: $from, to: $to, departmentId: $departmentId, format: $format
    ) {
      ... on SheetReady { url rows }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

export type SheetOf =
  | { of: "pool"; poolId: string }
  /** Without a member the viewer's own, without a pool in all. */
  | { of: "privatePool"; memberId?: string; poolId?: string }
  | { of: "history"; customerId: string }
  | { of: "report"; poolId: string; from: string; to: string; departmentId: string | null };

// Each kind of SheetOf has the variables of its own document, beside the format.
type Asking = TypedDocumentNode<Record<string, ExportPoolMutation["exportPool"]>, AnyVariables>;

export const ASKING = {
  pool: ExportPool,
  privatePool: ExportPrivatePool,
  history: ExportHistory,
  report: ExportPoolReport,
} as Record<SheetOf["of"], unknown> as Record<SheetOf["of"], Asking>;
