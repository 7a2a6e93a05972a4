// Who is signed in, what they may see, and the words and zone of their organization.
import { createContext, type ReactNode, useContext } from "react";
import { useQuery } from "urql";
import { ErrorState } from "../components/ErrorState";
import { LoadingList } from "../components/LoadingList";
import { graphql } from "../gql";
import type { MeQuery } from "../gql/graphql";

const Me = graphql(`
  query Me {
    viewer {
      id name email role department { id name }
      alerts(first: 1) { unread feedCursor }
    }
    organization { id name timeZone }
    pools { id name administrators { id } }
    ledDepartments { id name }
  }
`);

export interface MeValue {
  viewer: MeQuery["viewer"];
  organization: MeQuery["organization"];
  pools: MeQuery["pools"];
  /** The pools whose rules, deals and extensions the viewer decides. */
  administered: MeQuery["pools"];
  isAdmin: boolean;
  /** Managers, administrators of a pool and admins see colleagues. */
  leads: boolean;
  /** The departments for whose people the viewer decides. */
  led: MeQuery["ledDepartments"];
}

const MeContext = createContext<MeValue | null>(null);

export function useMe(): MeValue {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe outside MeProvider");
  return me;
}

export function MeProvider({ children }: { children: ReactNode }) {
  const [{ data, error }, again] = useQuery({ query: Me });
  if (!data && error) return <ErrorState error={error} onRetry={() => again()} />;
  if (!data) return <LoadingList />;
  return <MeContext.Provider value={meOf(data)}>{children}</MeContext.Provider>;
}

function meOf(data: MeQuery): MeValue {
  const { viewer, organization, pools, ledDepartments: led } = data;
  const isAdmin = viewer.role === "ADMIN";
  const administered = pools.filter(
    (pool) => isAdmin || pool.administrators.some((each) => each.id === viewer.id),
  );
  const leads = viewer.role !== "SALES" || administered.length > 0;
  return { viewer, organization, pools, administered, isAdmin, leads, led };
}
