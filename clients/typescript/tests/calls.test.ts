import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  AssignCustomerDocument,
  ClaimCustomerDocument,
  InvalidValue,
  isRefusal,
  MyCustomersDocument,
  PoolCustomersDocument,
  RequestExtensionDocument,
  rows,
  Unauthenticated,
  ViewerDocument,
} from "@seapool/client";
import { ask, client, customers, stage, story } from "./stage.ts";

after(() => ask("mend"));

test("a claim whose answer was lost is done once", async () => {
  const [customerId = ""] = await customers(1);
  await ask("lose", { text: "mutation ClaimCustomer" });
  const { claimCustomer } = await client().execute(ClaimCustomerDocument, { customerId });
  assert.equal(claimCustomer.__typename, "Claimed");
  assert.equal(await ask("lost"), 1);
  assert.deepEqual(await story(customerId), ["CREATED", "CLAIMED"]);
});

test("two calls are two claims: the second is refused, with a message", async () => {
  const [customerId = ""] = await customers(1);
  const seapool = client();
  await seapool.execute(ClaimCustomerDocument, { customerId });
  const { claimCustomer } = await seapool.execute(ClaimCustomerDocument, { customerId });
  assert.ok(isRefusal(claimCustomer));
  assert.equal(claimCustomer.__typename, "AlreadyHeld");
  assert.notEqual(claimCustomer.message, "");
});

test("over the budget, a call waits as long as the API says", async () => {
  await ask("spend");
  const sentAt = performance.now();
  const { viewer } = await client().execute(ViewerDocument, {});
  assert.match(viewer.id, /^Member_/);
  assert.ok(performance.now() - sentAt >= 1000);
});

test("a mutation without a key is not sent again", async () => {
  const [customerId = ""] = await customers(1);
  await ask("lose", { text: "mutation RequestExtension" });
  const variables = { customerId, by: "P1D", reason: "出差" };
  await assert.rejects(client().execute(RequestExtensionDocument, variables), {
    code: "CONNECTION_LOST",
  });
  assert.equal(await ask("lost"), 1);
});

test("errors have the class of their code", async () => {
  const stranger = client({ token: () => "nobody" });
  await assert.rejects(stranger.execute(ViewerDocument, {}), Unauthenticated);
  const [customerId = ""] = await customers(1);
  const wrong = { customerId, by: "next week", reason: "出差" };
  await assert.rejects(client().execute(RequestExtensionDocument, wrong), (error) => {
    assert.ok(error instanceof InvalidValue);
    assert.deepEqual(
      error.extensions.problems?.map(({ path }) => path),
      ["by"],
    );
    return true;
  });
});

test("a renewed token and the language are of the next request", async () => {
  let token = "expired";
  const seapool = client({ token: () => token, language: "zh" });
  await assert.rejects(seapool.execute(ViewerDocument, {}), /令牌/);
  token = stage.token;
  assert.match((await seapool.execute(ViewerDocument, {})).viewer.email, /@/);
});

test("after one answer the clock is the server's, whatever the device's", async () => {
  const seapool = client();
  await seapool.execute(ViewerDocument, {});
  const { headers } = await fetch(stage.url, { method: "POST" });
  const late = seapool.clock.now() - Date.parse(headers.get("Date") ?? "");
  assert.ok(late > -1000 && late < 2000, String(late));
});

test("rows come once though others move between two pages", async () => {
  const ids = await customers(5);
  const seapool = client();
  const read = async (after: string | null) => {
    const variables = { poolId: stage.poolId, first: 2, after };
    const { pool } = await seapool.execute(PoolCustomersDocument, variables);
    if (after === null) await customers(3);
    assert.ok(pool);
    return pool.customers;
  };
  const seen: string[] = [];
  for await (const { id } of rows(read)) seen.push(id);
  assert.equal(new Set(seen).size, seen.length);
  assert.deepEqual(
    ids.filter((id) => !seen.includes(id)),
    [],
  );
});

test("a document is sent once as text, then as its hash", async () => {
  const sent: string[][] = [];
  const noted: typeof fetch = (url, init) => {
    sent.push(Object.keys(JSON.parse(String(init?.body))));
    return fetch(url, init);
  };
  const seapool = client({ documents: "hashes", fetch: noted });
  await seapool.execute(MyCustomersDocument, {});
  await seapool.execute(MyCustomersDocument, {});
  assert.deepEqual(sent, [
    ["extensions", "variables"],
    ["extensions", "query", "variables"],
    ["extensions", "variables"],
  ]);
});

test("an API of trusted documents runs those of this package by their ids", async () => {
  await ask("trust", {
    manifest: new URL("../src/gql/persisted-documents.json", import.meta.url).pathname,
  });
  try {
    const seapool = client({ documents: "ids" });
    assert.match((await seapool.execute(ViewerDocument, {})).viewer.id, /^Member_/);
    await assert.rejects(client().execute(ViewerDocument, {}), { code: "BAD_REQUEST" });
    const after = await ask<string>("here");
    await ask("assign", { count: 1 });
    for await (const { kind } of seapool.alerts({ after })) {
      assert.equal(kind, "event");
      break;
    }
    await seapool.close();
  } finally {
    await ask("distrust");
  }
});

test("a salesperson may not assign, in the type of the answer", async () => {
  const [customerId = ""] = await customers(1);
  const seapool = client();
  const { viewer } = await seapool.execute(ViewerDocument, {});
  const given = { customerId, memberId: viewer.id };
  const { assignCustomer } = await seapool.execute(AssignCustomerDocument, given);
  assert.equal(assignCustomer.__typename, "Forbidden");
});
