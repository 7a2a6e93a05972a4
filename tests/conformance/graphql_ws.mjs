import { createClient } from "graphql-ws";
import { serve, tell } from "./program.mjs";

const CHANGES = `subscription ($pool: ID!, $after: Cursor) {
  poolChanges(poolId: $pool, after: $after) { cursor kind customer { id } }
}`;
let client;
let stop;

function connect(url, token, options = {}) {
  client = createClient({
    url,
    connectionParams: { Authorization: `Bearer ${token}` },
    retryAttempts: 100,
    // Also where no socket opens: by default the client gives up then.
    shouldRetry: () => true,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
    ...options,
    on: {
      connecting: () => tell("connecting"),
      connected: () => tell("connected"),
      pong: (received) => received && tell("pong"),
      closed: ({ code }) => tell(`closed ${code}`),
    },
  });
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

const operation = (pool) => {
  const payload = { query: CHANGES, variables: { pool } };
  return JSON.stringify({ id: "one", type: "subscribe", payload });
};

// What a client may do wrong, and when.
const wrongs = (pool) => ({
  "an operation before the acknowledgement": { opened: (socket) => socket.send(operation(pool)) },
  "a second connection_init": { connected: (socket) => socket.send('{"type":"connection_init"}') },
  "no JSON": { connected: (socket) => socket.send("{") },
  "an unknown type": { connected: (socket) => socket.send('{"type":"start","id":"one"}') },
  "one id for two operations": {
    connected(socket) {
      socket.send(operation(pool));
      socket.send(operation(pool));
    },
  },
});

// The code with which the server closes the socket after this.
const closed = (url, token, wrong, pool) =>
  new Promise((resolve) => {
    const never = new Promise(() => {});
    const params = { Authorization: wrong === "no token" ? "" : `Bearer ${token}` };
    createClient({
      url,
      lazy: false,
      retryAttempts: 0,
      onNonLazyError: () => {},
      connectionParams: () => (wrong === "no connection_init" ? never : params),
      on: { ...wrongs(pool)[wrong], closed: ({ code }) => resolve(code) },
    });
  });

serve({ connect, follow, stop: () => stop(), closed });
