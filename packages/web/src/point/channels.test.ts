import { expect, test } from "vitest";
import type { Channel } from "../api/client.ts";
import { hasOtherPeriod, usualChannel } from "./channels.ts";

const channel = (channelId: number, more: Partial<Channel> = {}): Channel => ({
  channelId,
  layer: "point",
  obis: "1-0:1.29.0*255",
  kind: "delta",
  unit: "Wh",
  scale: 0,
  periodSeconds: 900,
  firstDay: "2026-01-01",
  lastDay: "2026-10-11",
  serial: null,
  ...more,
});

test("of two lengths of intervals the one that is measured now is shown first, and of equals the shorter one", () => {
  const quarters = channel(1);
  const hours = channel(2, { periodSeconds: 3600, lastDay: "2026-10-12" });
  expect(usualChannel([quarters, hours])).toBe(hours);
  expect(usualChannel([quarters, { ...hours, lastDay: quarters.lastDay }])).toBe(quarters);
  expect(usualChannel([quarters, { ...hours, lastDay: null }])).toBe(quarters);
  expect(usualChannel([quarters, hours], 1)).toBe(quarters);
});

test("a channel has another length beside it only in its own layer, quantity and meter", () => {
  const quarters = channel(1);
  expect(hasOtherPeriod([quarters, channel(2, { periodSeconds: 3600 })], quarters)).toBe(true);
  expect(hasOtherPeriod([quarters, channel(2, { layer: "meter", serial: "1" })], quarters)).toBe(false);
  expect(hasOtherPeriod([quarters, channel(2, { obis: "1-0:2.29.0*255" })], quarters)).toBe(false);
});
