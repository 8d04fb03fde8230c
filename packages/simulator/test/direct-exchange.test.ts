import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DlmsClient, data, integerOf, textOf } from "@energsys/protocols/dlms";
import { WrapperLink } from "@energsys/protocols/wrapper";
import { expect, test } from "vitest";
import { SiteMemory } from "../src/field/site-memory.ts";
import { openDirectMeters } from "../src/town/direct-meters.ts";
import { exchangedIdentity } from "../src/town/exchanged-meter.ts";
import { GridTown } from "../src/town/grid-town.ts";
import { booksOf } from "../src/town/town-books.ts";
import { TownLedger } from "../src/town/town-ledger.ts";
import { ascii, dial, realClock } from "./support.ts";

const hourMs = 3_600_000;
const town = new GridTown({ points: 3000, seed: 4, begin: "2026-09-20" });
const ledger = new TownLedger(town);
const exchanged = town.points.filter(({ attachment, exchange }) => attachment.kind === "direct" && exchange);
/** What one reads about an exchange in the middle of a month. */
const [point] = exchanged;
const { atMs, serial } = point!.exchange!;

test("some of the meters that are read directly are exchanged, far from all", () => {
  const direct = town.points.filter(({ attachment }) => attachment.kind === "direct");
  expect(exchanged.length).toBeGreaterThan(0);
  expect(exchanged.length).toBeLessThan(direct.length / 3);
});

test("at its instant another meter answers in the same place, with its own numbers and a register from 0, and both are those of the ledger", async () => {
  let nowMs = atMs - hourMs;
  const { points, lines } = await openDirectMeters(town, 90, {
    basePort: 0,
    host: "127.0.0.1",
    nowMs: () => nowMs,
  });
  try {
    const nth = (points as readonly unknown[]).indexOf(point);
    const port = lines.ports.get(nth)!;
    const facts = { host: "127.0.0.1", ports: lines.ports, direct: points, everySeconds: 900, days: 60 };
    const booked = (enteredUntilMs: number) =>
      booksOf(town, { ...facts, enteredUntilMs }).points.find(({ pod }) => pod === point!.pod)!;
    const before = booked(atMs - 1);
    const { device } = before;
    const read = async () => {
      const client = Number(new URL(device.url).searchParams.get("client"));
      const link = new WrapperLink(await dial(port), realClock, {
        client,
        server: 1,
        responseTimeoutMs: 2000,
      });
      const { password } = device;
      const meter = await DlmsClient.associate(link, {
        authentication:
          password === undefined ? { kind: "none" } : { kind: "low", password: ascii(password) },
      });
      const name = await meter.get({ classId: 1, obis: "0-0:42.0.0*255", attribute: 2 });
      const total = await meter.get({ classId: 3, obis: "1-0:1.8.0*255", attribute: 2 });
      await meter.release();
      if (!name.ok || !total.ok) throw new Error("not answered");
      return { name: textOf(name.data), wh: Number(integerOf(total.data)) };
    };
    const first = await read();
    expect(first).toEqual({
      name: point!.meter.identity,
      wh: ledger.register(point!.index, nowMs + point!.meter.clockOffsetMs),
    });
    nowMs = atMs + 2 * hourMs;
    const own = nowMs + point!.meter.clockOffsetMs;
    // The timer of the town looks twice a second; whoever reads in the middle loses its line.
    const next = async () => (await read().catch(() => undefined))?.name;
    await expect.poll(next, { timeout: 10_000 }).toBe(exchangedIdentity(point!.meter, serial));
    expect((await read()).wh).toBe(ledger.register(point!.index, own));
    expect(ledger.register(point!.index, own)).toBeLessThan(ledger.exchange(point!.index)!.oldWh);
    // In the books: what was exchanged before a day stands with both meters and indices, what came later nobody has entered.
    expect(before.before).toBeUndefined();
    expect(before.meter.serial).toBe(point!.meter.serial);
    const after = booked(atMs + 1);
    expect(after.meter.serial).toBe(serial);
    expect(after.device.identity).toContain(serial);
    expect(after.before![0]).toMatchObject({
      meter: { serial: point!.meter.serial },
      removedAt: new Date(atMs).toISOString(),
      nextIndexKwh: "0.000",
    });
  } finally {
    await lines.close();
  }
}, 30_000);

test("a meter that is read directly has its clock as it was set when the simulator is back", async () => {
  const folder = mkdtempSync(join(tmpdir(), "energsys-direct-"));
  const file = join(folder, "direct.memory.ndjson");
  const its = town.points.find(
    ({ attachment, exchange, meter }) => attachment.kind === "direct" && !exchange && meter.password !== "",
  )!;
  const clock = { classId: 8, obis: "0-0:1.0.0*255" } as const;
  const nowMs = town.calendar.day(town.beginDay + 3).startMs + 10 * hourMs;
  const during = async (of: GridTown, work: (meter: DlmsClient) => Promise<void>) => {
    const options = { basePort: 0, host: "127.0.0.1", nowMs: () => nowMs };
    const { points, lines } = await openDirectMeters(of, 90, options, new SiteMemory(file));
    try {
      const nth = points.findIndex(({ meter }) => meter.serial === its.meter.serial);
      const link = new WrapperLink(await dial(lines.ports.get(nth)!), realClock, {
        client: 1,
        server: 1,
        responseTimeoutMs: 2000,
      });
      const password = ascii(its.meter.password);
      const meter = await DlmsClient.associate(link, { authentication: { kind: "low", password } });
      await work(meter);
      await meter.release();
    } finally {
      await lines.close();
    }
  };
  try {
    let shown: unknown;
    await during(town, async (meter) => {
      expect(await meter.action({ ...clock, method: 6 }, data.int16(600))).toMatchObject({
        actionResult: "success",
      });
      shown = await meter.get({ ...clock, attribute: 2 });
    });
    await during(new GridTown(town.options), async (meter) => {
      expect(await meter.get({ ...clock, attribute: 2 })).toEqual(shown);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 30_000);
