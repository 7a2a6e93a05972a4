import { createHash } from "node:crypto";
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import { createClient } from "graphql-ws";
import { document, noting, possibleTypes, serve, tell } from "./program.mjs";

const POOL = gql(document("pool"));
const CLAIM = gql(document("claim"));
const CHANGES = gql(document("changes"));

const sent = [];
let client;

function start(url, wsUrl, token) {
  const Authorization = `Bearer ${token}`;
  const sha256 = (text) => createHash("sha256").update(text).digest("hex");
  const http = new PersistedQueryLink({ sha256 }).concat(
    new HttpLink({ uri: url, headers: { Authorization }, fetch: noting(sent) }),
  );
  const sockets = createClient({ url: wsUrl, connectionParams: { Authorization } });
  const subscribes = ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION;
  client = new ApolloClient({
    link: ApolloLink.split(subscribes, new GraphQLWsLink(sockets), http),
    cache: new InMemoryCache({ possibleTypes: possibleTypes() }),
  });
}

const watch = (id) => {
  client.watchQuery({ query: POOL, variables: { id } }).subscribe(({ data }) => {
    if (data?.pool) tell({ rows: data.pool.customers.nodes });
  });
};

async function claim(customer) {
  const { data } = await client.mutate({ mutation: CLAIM, variables: { customer } });
  return data.claimCustomer;
}

const follow = (pool, after) => {
  client
    .subscribe({ query: CHANGES, variables: { pool, after } })
    .subscribe(({ data, error }) => tell(error?.message ?? { change: data.poolChanges }));
};

async function ask(text, variables) {
  const fetchPolicy = "network-only";
  return (await client.query({ query: gql(text), variables, fetchPolicy })).data;
}

serve({ start, watch, claim, follow, ask, sent: () => sent.splice(0) });
