// The exchange for urql against the real API: keys, retries, resuming, errors, ends.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  AssignCustomerDocument,
  ClaimCustomerDocument,
  type ClaimCustomerMutation,
  ReleaseAlertsDocument,
  type ReleaseAlertsSubscription,
  RequestExtensionDocument,
  ViewerDocument,
  type ViewerQuery,
} from "@seapool/client";
import { seapoolExchange } from "@seapool/client/urql";
import { Client, cacheExchange, gql, type OperationResult } from "@urql/core";
import { ask, client, customers, stage, story } from "./stage.ts";

const CLAIM = gql<ClaimCustomerMutation>(ClaimCustomerDocument.toString());
const ALERTS = gql<ReleaseAlertsSubscription>(ReleaseAlertsDocument.toString());
const VIEWER = gql<ViewerQuery>(ViewerDocument.toString());

after(() => ask("mend"));

const urqlOf = (seapool = client()) =>
  new Client({ url: stage.url, exchanges: [cacheExchange, seapoolExchange(seapool)] });

/** What a subscription tells, one by one. */
function telling(urql: Client, after: string | null) {
  const told: OperationResult<ReleaseAlertsSubscription>[] = [];
  let heard = () => {};
  const { unsubscribe } = urql.subscription(ALERTS, { after }).subscribe((result) => {
    told.push(result);
    heard();
  });
  const several = async (count: number) => {
    while (told.length < count) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
    return told.splice(0, count);
  };
  return { several, unsubscribe };
}

const customersOf = (results: OperationResult<ReleaseAlertsSubscription>[]) =>
  results.map(({ data }) => data?.releaseAlerts.customer.id);

test("a claim whose answer was lost is done once", async () => {
  const [customerId = ""] = await customers(1);
  await ask("lose", { text: "mutation ClaimCustomer" });
  const { data, error } = await urqlOf().mutation(CLAIM, { customerId }).toPromise();
  assert.equal(error, undefined);
  assert.equal(data?.claimCustomer.__typename, "Claimed");
  assert.equal(await ask("lost"), 1);
  assert.deepEqual(await story(customerId), ["CREATED", "CLAIMED"]);
});

test("a mutation without a key is not sent again", async () => {
  const [customerId = ""] = await customers(1);
  await ask("lose", { text: "mutation RequestExtension" });
  const document = gql(RequestExtensionDocument.toString());
  const variables = { customerId, by: "P1D", reason: "出差" };
  const { error } = await urqlOf().mutation(document, variables).toPromise();
  assert.match(String(error?.networkError), /ConnectionLost/);
  assert.equal(await ask("lost"), 1);
});

test("errors of the API have their codes; refusals are data", async () => {
  const stranger = client({ token: () => "nobody" });
  const { error } = await urqlOf(stranger).query(VIEWER, {}).toPromise();
  assert.equal(error?.graphQLErrors[0]?.extensions.code, "UNAUTHENTICATED");
  assert.equal(error?.networkError, undefined);
  const refused = await urqlOf()
    .mutation(gql(AssignCustomerDocument.toString()), { customerId: "x", memberId: "y" })
    .toPromise();
  assert.equal(refused.error, undefined);
});

test("the cache in front answers the second time", async () => {
  const urql = urqlOf();
  const first = await urql.query(VIEWER, {}).toPromise();
  const second = await urql.query(VIEWER, {}).toPromise();
  assert.match(first.data?.viewer.id ?? "", /^Member_/);
  assert.deepEqual(second.data, first.data);
  assert.equal(second.operation.context.meta?.cacheOutcome, "hit");
});

test("a subscription misses nothing while the wire is cut", async () => {
  await using seapool = client();
  const { several, unsubscribe } = telling(urqlOf(seapool), await ask("here"));
  const before = await ask<string[]>("assign", { count: 2 });
  assert.deepEqual(customersOf(await several(2)), before);
  await ask("cut");
  const during = await ask<string[]>("assign", { count: 3 });
  await ask("mend");
  assert.deepEqual(customersOf(await several(3)), during);
  unsubscribe();
});

test("a cursor that leads nowhere is told by a result without data", async () => {
  await using seapool = client();
  const { several, unsubscribe } = telling(urqlOf(seapool), await ask("stale"));
  const [told] = await several(1);
  assert.deepEqual(
    [told?.data, told?.extensions, told?.error],
    [null, { resync: true }, undefined],
  );
  const later = await ask<string[]>("assign", { count: 1 });
  assert.deepEqual(customersOf(await several(1)), later);
  unsubscribe();
});

test("who unsubscribes leaves the API", async () => {
  await using seapool = client();
  const { several, unsubscribe } = telling(urqlOf(seapool), await ask("here"));
  const assigned = await ask<string[]>("assign", { count: 1 });
  assert.deepEqual(customersOf(await several(1)), assigned);
  unsubscribe();
  await ask("sockets", { count: 0 });
});
