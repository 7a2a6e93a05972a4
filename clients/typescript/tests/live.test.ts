import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { type LiveEvent, PoolCustomersDocument, Unauthenticated } from "@seapool/client";
import { ask, client, customers, stage } from "./stage.ts";

afterEach(() => ask("mend"));

type Told = { customer: { id: string } };

/** The next customers of a subscription, in order; it stays open. */
async function several(events: AsyncIterator<LiveEvent<Told>>, count: number): Promise<string[]> {
  const seen: string[] = [];
  while (seen.length < count) {
    const { value } = await events.next();
    assert.equal(value?.kind, "event");
    seen.push(value.event.customer.id);
  }
  return seen;
}

test("alerts go on behind the last one, whatever happens while the wire is cut", async () => {
  await using seapool = client();
  const events = seapool.alerts({ after: await ask("here") });
  const before = await ask<string[]>("assign", { count: 2 });
  assert.deepEqual(await several(events, 2), before);
  for (const count of [3, 1]) {
    await ask("cut");
    const during = await ask<string[]>("assign", { count });
    const told = several(events, count);
    await ask("mend");
    assert.deepEqual(await told, during);
  }
  await events.return(undefined);
});

test("a connection that died without a word is found out and made again", async () => {
  await using seapool = client({ pingMs: 200 });
  const events = seapool.alerts({ after: await ask("here") });
  const before = await ask<string[]>("assign", { count: 1 });
  assert.deepEqual(await several(events, 1), before);
  await ask("silence");
  const during = await ask<string[]>("assign", { count: 1 });
  assert.deepEqual(await several(events, 1), during);
  await events.return(undefined);
});

test("without a cursor alerts begin now", async () => {
  await using seapool = client();
  await ask("assign", { count: 1 });
  await ask("heard");
  const events = seapool.alerts();
  // Read until its answer: what is assigned from then on is told.
  const told = several(events, 1);
  await ask("listening");
  const later = await ask<string[]>("assign", { count: 1 });
  assert.deepEqual(await told, later);
  await events.return(undefined);
});

test("without a cursor nothing is missed over a cut, though no event came before it", async () => {
  await using seapool = client();
  await ask("heard");
  const [alerts, changes] = [seapool.alerts(), seapool.poolChanges(stage.poolId)];
  const told = [several(alerts, 1), several(changes, 1)];
  await ask("listening");
  await ask("listening", { field: "poolChanges" });
  await ask("cut");
  const [assigned] = await ask<string[]>("assign", { count: 1 });
  await ask("mend");
  assert.deepEqual(await Promise.all(told), [[assigned], [assigned]]);
  await alerts.return(undefined);
  await changes.return(undefined);
});

test("a page and the changes behind its cursor miss nothing", async () => {
  await using seapool = client();
  const [before] = await customers(1);
  await ask("heard");
  const { pool } = await seapool.execute(PoolCustomersDocument, { poolId: stage.poolId });
  const [later] = await customers(1);
  const changes = seapool.poolChanges(stage.poolId, { after: pool?.customers.feedCursor });
  const listed = pool?.customers.nodes.map(({ id }) => id) ?? [];
  assert.ok(before && listed.includes(before));
  assert.deepEqual(await several(changes, 1), [later]);
  await changes.return(undefined);
});

test("a pool's changes go on too, beside the alerts on one socket", async () => {
  await using seapool = client();
  const after = await ask<string>("here");
  const [changes, alerts] = [
    seapool.poolChanges(stage.poolId, { after }),
    seapool.alerts({ after }),
  ];
  const opened = await customers(2);
  assert.deepEqual((await several(changes, 2)).sort(), opened.sort());
  const assigned = await ask<string[]>("assign", { count: 1 });
  assert.deepEqual(await several(alerts, 1), assigned);
  await ask("sockets", { count: 1 });
  await changes.return(undefined);
  await alerts.return(undefined);
});

test("a cursor that leads nowhere is told, once, and what comes then is told too", async () => {
  await using seapool = client();
  await ask("assign", { count: 1 });
  const events = seapool.alerts({ after: await ask("stale") });
  assert.deepEqual((await events.next()).value, { kind: "resync" });
  const later = await ask<string[]>("assign", { count: 1 });
  assert.deepEqual(await several(events, 1), later);
  await events.return(undefined);
});

test("an abort ends a subscription that waits", async () => {
  await using seapool = client();
  const leaving = new AbortController();
  const events = seapool.alerts({ after: await ask("here"), signal: leaving.signal });
  const waiting = events.next();
  await ask("listening");
  leaving.abort();
  assert.deepEqual(await waiting, { done: true, value: undefined });
});

test("a token that stays bad ends it; a renewed one lets it go on", async () => {
  const after = await ask<string>("here");
  await using stranger = client({ token: () => "nobody" });
  await assert.rejects(stranger.alerts({ after }).next(), Unauthenticated);
  const tokens = ["expired"];
  await using seapool = client({ token: () => tokens.pop() ?? stage.token });
  const events = seapool.alerts({ after });
  const assigned = await ask<string[]>("assign", { count: 1 });
  assert.deepEqual(await several(events, 1), assigned);
  await events.return(undefined);
});
