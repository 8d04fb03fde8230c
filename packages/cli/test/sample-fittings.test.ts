import {
  everywhere,
  findLocationIds,
  holdKeyRing,
  type InventoryPoint,
  importInventory,
  listModems,
  listSims,
  openDatabase,
  readLocationRows,
  sql,
} from "@energsys/store";
import { testDatabase, testKeyRing, urlOfRole } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";
import { fitSampleNetwork, giveSampleModems } from "../src/supervisor/sample-fittings.ts";

const { db, url, drop } = await testDatabase();
// The launcher brings the sample network in as the jobs' role.
const jobs = openDatabase({ url: urlOfRole(url, "app_jobs"), applicationName: "test" });
holdKeyRing(jobs, testKeyRing(jobs));
afterAll(async () => {
  await jobs.close();
  await drop();
});

const points = [0, 1, 2].map(
  (nth): InventoryPoint => ({
    pod: `RO${nth}`,
    name: "",
    address: `Str. Gării ${nth}`,
    branch: ["Net"],
    phases: nth === 1 ? 3 : 1,
    meter: { serial: `S${nth}`, manufacturer: "ENS", model: "energsys-virtual-dlms", phases: 1 },
    installedAt: "2026-01-01T00:00:00Z",
    device: {
      identity: `D${nth}`,
      model: "energsys-virtual-dlms",
      url: "tcp://127.0.0.1:1",
      direction: "dial",
    },
  }),
);
const gateways = ["ENC0000000000017", "ENC0000000000018"].map((identity) => ({
  identity,
  branch: ["Net"],
  meters: [],
}));
await importInventory(db, { branches: [{ path: ["Net"] }], points, gateways });
const atMs = Date.UTC(2026, 0, 1);

const locations = async () => {
  const window = { offset: 0, limit: 10 };
  const order = { sort: "address", descending: false } as const;
  const { locationIds } = await findLocationIds(db, everywhere, {}, order, window);
  return readLocationRows(db, everywhere, locationIds);
};
const count = async () => {
  const { rows } = await db.query<{ count: number }>(
    sql`select count(*)::int as count from location_fitting`,
  );
  return rows[0]!.count;
};

test("each location of the town has an enclosure, a breaker and a seal, and what somebody took down stays so", async () => {
  await fitSampleNetwork(jobs, points, atMs);
  expect(await locations()).toMatchObject([
    { material: "plastic", wallMm: "3", ratedCurrentA: "40", seals: 1, sealState: "intact" },
    { material: "steel", wallMm: "1.5", ratedCurrentA: "63", seals: 1 },
    { material: "stainless-steel", ratedCurrentA: "40", seals: 1 },
  ]);
  expect(await count()).toBe(3 * 3 + 1);
  await db.query(sql`
    update location_fitting set withdrawn_by = 'ana', withdrawn_at = now(), withdrawn_why = 'probă' where kind = 'seal'`);
  await fitSampleNetwork(jobs, points, atMs);
  expect(await count()).toBe(3 * 3 + 1);
});

test("each concentrator has a modem with a card, once", async () => {
  await giveSampleModems(jobs, gateways, atMs);
  const window = { offset: 0, limit: 10 };
  const { rows } = await listModems(db, everywhere, {}, window);
  expect(rows).toMatchObject([
    { serial: "ENM000001", imei: "350000000000014", serves: "ENC0000000000017", since: atMs },
    { serial: "ENM000002", imei: "350000000000022", serves: "ENC0000000000018" },
  ]);
  const sims = await listSims(db, everywhere, { state: "active" }, window);
  expect(sims.rows.map(({ modem }) => modem)).toEqual(["ENM000001", "ENM000002"]);
  await db.query(sql`update modem set note = 'mutat'`);
  await giveSampleModems(jobs, gateways, atMs);
  expect((await listModems(db, everywhere, {}, window)).rows.map(({ note }) => note)).toEqual([
    "mutat",
    "mutat",
  ]);
});
