import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import {
  ClaimQueue,
  ConnectionLost,
  memoryStorage,
  type Replayed,
  webStorage,
} from "@seapool/client";
import { ask, client, customers, story } from "./stage.ts";

afterEach(() => ask("mend"));

const named = (replayed: Replayed) =>
  "error" in replayed ? replayed.error.code : replayed.outcome.__typename;

test("claims made offline are kept, and replayed once, in order", async () => {
  const [first = "", second = ""] = await customers(2);
  const items = new Map<string, string>();
  const storage = webStorage({
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => void items.set(name, value),
  });
  await ask("cut");
  const before = new ClaimQueue(client({ attempts: 1 }), storage);
  await before.add(first);
  await before.add(second);
  assert.equal((await before.add(first)).key, (await before.waiting())[0]?.key);
  await assert.rejects(
    before.replay(() => assert.fail("nothing was answered")),
    ConnectionLost,
  );
  await ask("mend");

  // The app starts again; the answer to its first claim is lost, and with it the app's patience.
  const queue = new ClaimQueue(client({ attempts: 1 }), storage);
  await ask("lose", { text: "mutation ClaimCustomer" });
  await assert.rejects(
    queue.replay(() => assert.fail("the answer was lost")),
    ConnectionLost,
  );
  assert.deepEqual(
    (await queue.waiting()).map((each) => each.customerId),
    [first, second],
  );
  const told: string[] = [];
  await queue.replay((replayed) => told.push(named(replayed)));
  assert.deepEqual(told, ["Claimed", "Claimed"]);
  assert.deepEqual(await queue.waiting(), []);
  for (const id of [first, second]) assert.deepEqual(await story(id), ["CREATED", "CLAIMED"]);
});

test("what can't be claimed leaves the queue, with the reason", async () => {
  const [held = ""] = await ask<string[]>("assign", { count: 1 });
  const queue = new ClaimQueue(client(), memoryStorage());
  await queue.add(held);
  await queue.add("Customer_no-id");
  const told: string[] = [];
  await queue.replay((replayed) => told.push(named(replayed)));
  assert.deepEqual(told, ["AlreadyHeld", "NotFound"]);
  assert.deepEqual(await queue.waiting(), []);
});
