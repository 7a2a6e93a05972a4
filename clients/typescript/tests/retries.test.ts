import assert from "node:assert/strict";
import test from "node:test";
import {
  BadRequest,
  ConnectionLost,
  errorOf,
  errorOfStatus,
  InternalError,
  OverBudget,
  type SeapoolError,
  Unavailable,
} from "../src/errors.ts";
import { mayComeAgain, pauseMs, retrying } from "../src/retries.ts";

const at = (random: number) => () => random;

test("a pause doubles, has jitter and an end, and never comes before retryAfter", () => {
  assert.deepEqual(
    [1, 2, 3, 20].map((failures) => pauseMs(failures, 0, at(1))),
    [300, 600, 1200, 10_000],
  );
  assert.equal(pauseMs(1, 0, at(0)), 150);
  assert.equal(pauseMs(1, 5, at(0)), 5150);
});

test("only what can't be done twice comes again", async () => {
  const unavailable = errorOfStatus(503, 2);
  const overBudget = errorOfStatus(429, 2);
  assert.ok(unavailable instanceof Unavailable && overBudget instanceof OverBudget);
  assert.equal(unavailable.retryAfter, 2);
  assert.deepEqual(
    [unavailable, overBudget, errorOfStatus(400)].map((each) => [
      mayComeAgain(each, true),
      mayComeAgain(each, false),
    ]),
    [
      [true, false],
      [true, true],
      [false, false],
    ],
  );
});

test("a call fails with the error of its last attempt", async () => {
  let calls = 0;
  const lost = new ConnectionLost("CONNECTION_LOST", "");
  const act = async () => {
    calls++;
    throw lost;
  };
  await assert.rejects(retrying(act, { attempts: 2, repeatable: true }), lost);
  assert.equal(calls, 2);
  await assert.rejects(retrying(act, { attempts: 9, repeatable: false }), lost);
  assert.equal(calls, 3);
});

test("a pause ends when the call is given up", async () => {
  const signal = AbortSignal.abort(new Error("left the page"));
  const act = async () => {
    throw errorOfStatus(503, 60);
  };
  await assert.rejects(retrying(act, { attempts: 5, repeatable: true, signal }), /left the page/);
});

test("a code chooses the class; an unknown one keeps its code", () => {
  const named = (code?: string): SeapoolError => errorOf({ message: "", extensions: { code } });
  assert.ok(named("INTERNAL") instanceof InternalError);
  assert.ok(named() instanceof BadRequest);
  assert.equal(named("NEW_ONE").code, "NEW_ONE");
});
