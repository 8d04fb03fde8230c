import { realClock } from "@energsys/drivers";
import type { Delivery } from "@energsys/store";
import { expect, test } from "vitest";
import { DeliveryQueue, type DeliveryQueueOptions } from "../src/delivery-queue.ts";

const delivery = (deviceId: number, rows = 10): Delivery => ({
  deviceId,
  meterId: deviceId,
  receivedAtMs: 0,
  blocks: [],
  profiles: [],
  registers: Array.from({ length: rows }, () => ({
    obis: "1-0:1.8.0*255",
    measuredAtMs: 0,
    value: "1",
    unit: "Wh",
    flags: 0,
  })),
  events: [],
});

function queueOf(
  store: (deliveries: readonly Delivery[]) => Promise<void>,
  more: Partial<DeliveryQueueOptions> = {},
) {
  return new DeliveryQueue({
    store: (deliveries) => store(deliveries).then(() => new Map()),
    isTransient: (error) => (error as Error).message === "away",
    clock: realClock,
    rowsMax: 100,
    batchDeliveries: 4,
    batchWaitMs: 5,
    writers: 1,
    ...more,
  });
}

test("what is put is committed in batches, and nothing is called durable before its batch is", async () => {
  const batches: number[][] = [];
  let commit: () => void = () => {};
  const queue = queueOf(async (deliveries) => {
    batches.push(deliveries.map(({ deviceId }) => deviceId));
    await new Promise<void>((resolve) => {
      commit = resolve;
    });
  });
  const durable: number[] = [];
  for (const id of [1, 2, 3, 4, 5]) {
    const { committed } = await queue.put(delivery(id));
    committed.then(() => durable.push(id));
  }
  expect(batches).toEqual([[1, 2, 3, 4]]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(durable).toEqual([]);
  commit();
  await expect.poll(() => batches).toEqual([[1, 2, 3, 4], [5]]);
  expect(durable).toEqual([1, 2, 3, 4]);
  commit();
  await queue.idle();
  expect(durable).toEqual([1, 2, 3, 4, 5]);
  expect(queue.rows).toBe(0);
});

test("a full queue makes the readers wait, until it is nearly empty again", async () => {
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const queue = queueOf(() => gate);
  for (let id = 1; id <= 8; id++) await queue.put(delivery(id));
  let waited = true;
  const ninth = queue.put(delivery(9)).then(() => {
    waited = false;
  });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(waited).toBe(true);
  expect(queue.rows).toBe(80);
  open();
  await ninth;
  await queue.idle();
  expect(queue.spent.deliveries).toBe(9);
});

test("while the database is away nothing is lost, and everything is stored when it is back", async () => {
  let tries = 0;
  const stored: number[] = [];
  const queue = queueOf(async (deliveries) => {
    if (++tries <= 3) throw new Error("away");
    stored.push(...deliveries.map(({ deviceId }) => deviceId));
  });
  for (const id of [1, 2, 3]) await queue.put(delivery(id));
  await queue.idle();
  expect(stored).toEqual([1, 2, 3]);
});

test("one delivery that the database refuses does not take the others of its batch with it", async () => {
  const stored: number[] = [];
  const troubles: string[] = [];
  const queue = queueOf(
    async (deliveries) => {
      if (deliveries.some(({ deviceId }) => deviceId === 2)) {
        throw Object.assign(new Error("refused"), { code: "channel.unit-changed" });
      }
      stored.push(...deliveries.map(({ deviceId }) => deviceId));
    },
    { onTrouble: ({ code }) => troubles.push(code) },
  );
  const results = await Promise.all([1, 2, 3, 4].map((id) => queue.put(delivery(id))));
  const settled = await Promise.allSettled(results.map(({ committed }) => committed));
  expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  expect(stored).toEqual([1, 3, 4]);
  expect(troubles).toEqual(["channel.unit-changed", "channel.unit-changed"]);
});
