import { createClient } from "graphql-sse";
import { serve, tell } from "./program.mjs";

const CHANGES = `subscription ($pool: ID!, $after: Cursor) {
  poolChanges(poolId: $pool, after: $after) { cursor kind customer { id } }
}`;
let client;
let stop;

function connect(url, token) {
  client = createClient({
    url,
    headers: { Authorization: `Bearer ${token}` },
    retryAttempts: 100,
    retry: () => new Promise((resolve) => setTimeout(resolve, 50)),
    on: { connecting: () => tell("connecting"), connected: () => tell("connected") },
  });
}

// Everything that the operation answers, until it is complete.
async function ask(query, variables) {
  const answers = [];
  for await (const each of client.iterate({ query, variables })) answers.push(each);
  return answers;
}

// By one reserved stream for all operations: how the API answers the reservation.
async function reserve(url, token) {
  const headers = { Authorization: `Bearer ${token}` };
  const single = createClient({ url, headers, singleConnection: true, retryAttempts: 0 });
  try {
    for await (const _ of single.iterate({ query: "{ viewer { name } }" }));
  } catch (error) {
    return error.response.status;
  }
}

// After a reconnect the client sends the payload again: it goes on from the last cursor.
function follow(pool, after) {
  const payload = { query: CHANGES, variables: { pool, after } };
  stop = client.subscribe(payload, {
    next({ data, errors }) {
      if (data) payload.variables.after = data.poolChanges.cursor;
      tell(errors ?? data.poolChanges);
    },
    error: (error) => tell(`error ${error.message ?? error}`),
    complete: () => tell("complete"),
  });
}

serve({ connect, ask, reserve, follow, stop: () => stop() });
