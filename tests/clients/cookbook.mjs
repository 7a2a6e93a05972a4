// The examples of docs/cookbook.md, each in a file of its own beside this one: see test_cookbook.py.
import { CustomerDocument, ViewerDocument } from "@seapool/client";
import { followAlerts } from "./alerts.ts";
import { watchful } from "./budgets.ts";
import { claim } from "./claiming.ts";
import { offlineClaims } from "./claims.ts";
import { connect } from "./client.ts";
import { timeLeft } from "./countdown.ts";
import { advice } from "./failures.ts";
import { trusted } from "./ids.ts";
import { namesIn } from "./pages.ts";
import { serve, tell } from "./program.mjs";

const items = new Map();
const storage = {
  getItem: (name) => items.get(name) ?? null,
  setItem: (name, value) => items.set(name, value),
};
let api;
let seapool;
let offline;

await serve({
  connect(url, token) {
    api = { url, token: () => token };
    seapool = connect(url, api.token);
    offline = offlineClaims(seapool, storage, (...shown) => tell(shown));
  },
  claim: (id) => claim(seapool, id),
  claimLater: (id) => offline.claim(id),
  replay: () => offline.replay(),
  names: (poolId) => namesIn(seapool, poolId),
  async timeLeft(id) {
    const { customer } = await seapool.execute(CustomerDocument, { id });
    return timeLeft(seapool, customer);
  },
  follow(cursor) {
    const { signal } = new AbortController();
    const show = (alert) => tell(alert.customer.id);
    void followAlerts(seapool, { cursor }, show, async () => tell("reload"), signal);
  },
  async advice() {
    const stranger = connect(api.url, () => "nobody");
    return stranger.execute(ViewerDocument, {}).catch(advice);
  },
  async budgets() {
    const left = new Map();
    await watchful(api.url, api.token, left).execute(ViewerDocument, {});
    return Object.fromEntries(left);
  },
  trusted: async () => (await trusted(api.url, api.token).execute(ViewerDocument, {})).viewer.id,
});
