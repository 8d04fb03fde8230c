import { tariffFaults } from "@energsys/metering";
import { assignTariff, everywhere, importInventory, listTariffs, sql } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";
import { giveSampleTariffs, sampleTariffs } from "../src/supervisor/sample-tariffs.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const pods = ["RO001EMO0000001", "RO001EMO0000002", "RO001EMO0000003"];
const classes = [
  { pod: pods[0]!, category: "household" as const },
  { pod: pods[1]!, category: "business" as const },
  { pod: pods[2]!, category: "network" as const },
];
await importInventory(db, {
  branches: [{ path: ["Net"] }],
  points: pods.map((pod, nth) => ({
    pod,
    name: `Point ${nth}`,
    address: "",
    branch: ["Net"],
    phases: 1,
    meter: { serial: `S${nth}`, manufacturer: "ENS", model: "energsys-virtual-dlms", phases: 1 },
    installedAt: "2026-01-01T00:00:00Z",
    device: {
      identity: `D${nth}`,
      model: "energsys-virtual-dlms",
      url: "tcp://127.0.0.1:1",
      direction: "dial",
    },
  })),
});
const give = () => giveSampleTariffs(db, classes, { fromDay: "2026-01-01", nowMs: Date.UTC(2026, 5, 1) });
const given = async () =>
  (await listTariffs(db, "2026-03-01")).map(({ code, points }) => [code, points] as const);

test.each(sampleTariffs)("the example $code has no fault", ({ terms }) => {
  expect(tariffFaults(terms)).toEqual([]);
});

test("each class of customers gets its tariff, and a meter of the network none", async () => {
  await give();
  expect(await given()).toEqual([
    ["EXEMPLU-CASNIC", 1],
    ["EXEMPLU-NONCASNIC", 1],
  ]);
});

test("a start after that leaves what somebody made of it", async () => {
  const { rows } = await db.query<{ id: number }>(sql`select point_id as id from point`);
  const author = { by: "ana", reason: "none of them", nowMs: Date.UTC(2026, 5, 2) };
  const days = { fromDay: "2026-02-01", toDay: null };
  await assignTariff(db, everywhere, { tariffId: null, pointIds: rows.map(({ id }) => id), ...days }, author);
  await give();
  expect((await given()).map(([, points]) => points)).toEqual([0, 0]);
});
