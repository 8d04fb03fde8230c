import { afterAll, expect, test } from "vitest";
import {
  addModem,
  addSim,
  changeSim,
  everywhere,
  findModem,
  findSim,
  importInventory,
  listModems,
  listSims,
  placeModem,
  placeSim,
  type Scope,
  setSimState,
  sql,
} from "../src/index.ts";
import { testDatabase, testKeyRing } from "../src/testing.ts";
import { inventoryOf } from "./planning-inventory.ts";

const { db, drop } = await testDatabase();
afterAll(drop);
const ring = testKeyRing(db);
const base = inventoryOf(2);
await importInventory(db, {
  ...base,
  branches: [],
  points: base.points.map((point, nth) => ({ ...point, branch: [nth === 0 ? "Pitești" : "Câmpulung"] })),
  gateways: [{ identity: "ENC0000000000001", name: "MC-1", branch: ["Câmpulung"], meters: [] }],
});
const idOf = async (statement: ReturnType<typeof sql>) =>
  (await db.query<{ id: number }>(statement)).rows[0]!.id;
const gatewayId = await idOf(sql`select gateway_id as id from gateway`);
const meterId = await idOf(sql`select meter_id as id from meter order by 1 limit 1`);
const pitesti: Scope = {
  parts: [
    {
      branchIds: [await idOf(sql`select branch_id as id from branch where name = 'Pitești'`)],
      supplierId: null,
    },
  ],
};
const act = (day: string) => ({ atMs: Date.parse(`${day}T08:00:00Z`), reason: "montare", by: "ana" });
const card = {
  iccid: "8940011234567890123",
  operator: "Operator A",
  apn: "citire",
  dataPlan: "50 MB",
  msisdn: "+40712345678",
};
const one = await addModem(db, { serial: "MD-1", imei: "123456789012345", type: "4G", note: "" });
const other = await addModem(db, { serial: "MD-2", imei: null, type: "GPRS", note: "" });
const simId = await addSim(db, { ...card, pin: "04293175" }, { state: "stock", ...act("2026-01-10") });

test("a modem goes from device to device, and what served the device before ends there", async () => {
  await placeModem(db, everywhere, one, { gatewayId }, act("2026-02-01"));
  await placeModem(db, everywhere, other, { gatewayId }, act("2026-03-01"));
  await expect(placeModem(db, everywhere, one, { meterId }, act("2026-02-15"))).rejects.toMatchObject({
    code: "modem.too-early",
  });
  await placeModem(db, everywhere, one, { meterId }, act("2026-03-02"));
  expect((await findModem(db, everywhere, one))?.placements).toMatchObject([
    { meterId, to: null },
    { gatewayId, serves: "MC-1", to: act("2026-03-01").atMs, endedBy: "ana" },
  ]);
  const then = (day: string) => findModem(db, everywhere, one, act(day).atMs);
  expect(await then("2026-02-10")).toMatchObject({
    gatewayId,
    serves: "MC-1",
    since: act("2026-02-01").atMs,
    placements: [{ gatewayId, to: null, endedBy: null }],
  });
  // Between the two it lay in the store.
  expect(await then("2026-03-01")).toMatchObject({
    serves: null,
    placements: [{ gatewayId, endedBy: "ana" }],
  });
  expect(await then("2026-01-01")).toMatchObject({ serves: null, placements: [] });
  expect((await findModem(db, pitesti, one, act("2026-02-10").atMs))?.serves).toBeNull();
  await expect(addModem(db, { serial: "MD-1", imei: null, type: "4G", note: "" })).rejects.toMatchObject({
    code: "modem.known",
  });
  await expect(
    db.query(sql`insert into modem_placement (modem_id, gateway_id, during, reason, made_by)
      values (${one}, ${gatewayId}, tstzrange('2026-04-01', null), 'x', 'x')`),
  ).rejects.toMatchObject({ code: "23P01" });
});

test("a card sits in one modem, its number and PIN are sealed, and the PIN is given to nobody", async () => {
  await placeSim(db, everywhere, simId, one, act("2026-02-01"));
  await setSimState(db, everywhere, simId, "active", act("2026-02-02"));
  await placeSim(db, everywhere, simId, other, act("2026-03-01"));
  const sim = await findSim(db, everywhere, simId);
  expect(sim).toMatchObject({ msisdn: card.msisdn, hasPin: true, state: "active", modem: "MD-2" });
  expect(await findSim(db, everywhere, simId, act("2026-02-01").atMs)).toMatchObject({
    state: "stock",
    modem: "MD-1",
    states: [{ state: "stock", to: null }],
    placements: [{ modem: "MD-1", to: null, endedBy: null }],
  });
  expect(await findSim(db, everywhere, simId, act("2026-01-09").atMs)).toBeUndefined();
  expect((await findModem(db, everywhere, one, act("2026-02-10").atMs))?.iccid).toBe(card.iccid);
  expect(JSON.stringify(sim)).not.toContain("04293175");
  const { rows } = await db.query<{ text: string; pin: Buffer }>(
    sql`select sim::text as text, sealed_pin as pin from sim`,
  );
  expect(rows[0]!.text).not.toContain("40712345678");
  const opened = await ring.openField({ table: "sim", row: simId, kind: "device-password" }, rows[0]!.pin);
  expect(opened.reveal()).toBe("04293175");
  await changeSim(db, everywhere, simId, { ...card, apn: "alt" });
  expect(await findSim(db, everywhere, simId)).toMatchObject({ apn: "alt", hasPin: true });
  await changeSim(db, everywhere, simId, { ...card, pin: null });
  expect((await findSim(db, everywhere, simId))?.hasPin).toBe(false);
});

test("who sees one branch sees what serves it and what lies in the store", async () => {
  const serials = async (scope: Scope) =>
    (await listModems(db, scope, {}, { offset: 0, limit: 9 })).rows.map(({ serial }) => serial);
  expect(await serials(everywhere)).toEqual(["MD-1", "MD-2"]);
  expect(await serials(pitesti)).toEqual(["MD-1"]);
  expect(await listSims(db, pitesti, {}, { offset: 0, limit: 9 })).toEqual({ total: 0, rows: [] });
  await expect(placeSim(db, pitesti, simId, null, act("2026-04-01"))).rejects.toMatchObject({
    code: "sim.not-found",
  });
  await placeModem(db, everywhere, other, null, act("2026-04-01"));
  expect((await listSims(db, pitesti, { text: "operator md-2" }, { offset: 0, limit: 9 })).total).toBe(1);
});

test("a card that its operator took back sits nowhere, and nothing more happens to it", async () => {
  await setSimState(db, everywhere, simId, "ended", act("2026-05-01"));
  expect(await findSim(db, everywhere, simId)).toMatchObject({ state: "ended", modemId: null });
  await expect(placeSim(db, everywhere, simId, one, act("2026-06-01"))).rejects.toMatchObject({
    code: "sim.ended",
  });
});
