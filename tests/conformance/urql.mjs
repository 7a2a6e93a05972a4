import { Client, fetchExchange, gql, subscriptionExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { persistedExchange } from "@urql/exchange-persisted";
import { createClient } from "graphql-ws";
import { document, noting, possibleTypes, serve, tell } from "./program.mjs";

const POOL = gql(document("pool"));
const CLAIM = gql(document("claim"));
const CHANGES = gql(document("changes"));

// Objects without an id are a part of the object that holds them.
const EMBEDDED = ["CustomerConnection", "PageInfo", "PoolChange", "Contact", "Holding"];
const embedded = (names) => Object.fromEntries(names.map((name) => [name, () => null]));

const sent = [];
let client;

function start(url, wsUrl, token) {
  const Authorization = `Bearer ${token}`;
  const sockets = createClient({ url: wsUrl, connectionParams: { Authorization } });
  const possible = possibleTypes();
  client = new Client({
    url,
    fetch: noting(sent),
    fetchOptions: { headers: { Authorization } },
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        possibleTypes: possible,
        keys: embedded([...EMBEDDED, "ReleaseForecast", ...possible.ClaimResult]),
      }),
      persistedExchange({ enableForMutation: true, preferGetForPersistedQueries: false }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({ unsubscribe: sockets.subscribe(request, sink) }),
        }),
      }),
    ],
  });
}

function answered({ data, error }) {
  if (error) throw error;
  return data;
}

const watch = (id) => {
  client.query(POOL, { id }).subscribe((result) => {
    tell({ rows: answered(result).pool.customers.nodes });
  });
};

const claim = async (customer) =>
  answered(await client.mutation(CLAIM, { customer }).toPromise()).claimCustomer;

const follow = (pool, after) => {
  client.subscription(CHANGES, { pool, after }).subscribe((result) => {
    tell(result.error?.message ?? { change: result.data.poolChanges });
  });
};

const ask = async (text, variables) =>
  answered(
    await client.query(gql(text), variables, { requestPolicy: "network-only" }).toPromise(),
  );

serve({ start, watch, claim, follow, ask, sent: () => sent.splice(0) });
