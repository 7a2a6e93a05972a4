import assert from "node:assert/strict";
import test from "node:test";
import { ServerClock } from "@seapool/client";

const SERVER = Date.parse("2026-11-28T12:00:00.700Z");
const header = (instant: number) => new Date(Math.floor(instant / 1000) * 1000).toUTCString();

test("a clock that is an hour wrong counts down right", () => {
  const device = SERVER - 3_600_000;
  const clock = new ServerClock(() => device);
  clock.learn(header(SERVER), device, device);
  assert.ok(Math.abs(clock.now() - SERVER) <= 500);
  assert.ok(Math.abs(clock.until("2026-11-28T12:01:00.700Z") - 60_000) <= 500);
  assert.equal(clock.until("2026-11-28T11:59:00Z"), 0);
});

test("each answer narrows the bounds to where two seconds meet", () => {
  const clock = new ServerClock(() => 0);
  clock.learn(header(10_990), 10_990, 10_990);
  clock.learn(header(11_010), 11_010, 11_010);
  assert.ok(Math.abs(clock.offset) <= 10);
});

test("a device whose clock is set learns again", () => {
  const clock = new ServerClock(() => 0);
  clock.learn(header(10_500), 10_500, 10_500);
  clock.learn(header(10_600), 5_000_600, 5_000_600);
  assert.ok(Math.abs(clock.offset + 4_990_000) <= 500);
});

test("an answer without a date teaches nothing", () => {
  const clock = new ServerClock(() => 7);
  clock.learn(null, 1, 2);
  clock.learn("soon", 1, 2);
  assert.equal(clock.now(), 7);
});
