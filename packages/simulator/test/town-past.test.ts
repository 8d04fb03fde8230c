import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningConcentrator } from "@energsys/concentrator";
import { afterAll, afterEach, expect, test } from "vitest";
import { GridTown } from "../src/town/grid-town.ts";
import { doorsOf } from "../src/town/happenings.ts";
import { capacityOf } from "../src/town/registers.ts";
import { StageClock } from "./field-line.ts";
import { against, journalOf, minuteMs, openStreet, quarterMs } from "./street.ts";

// What a concentrator of a town brings along of the time before it was started, and what its field did while the process was away.

const folder = mkdtempSync(join(tmpdir(), "energsys-town-past-"));
const running: RunningConcentrator[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const hourMs = 3_600_000;
const begin = "2026-10-20";

// By the seed point 6, which is exchanged in the first days, gives pulses, speaks IEC 62056-21 or HDLC.
test.each([
  { seed: 3, kind: "pulses" },
  { seed: 6, kind: "iec" },
  { seed: 11, kind: "hdlc" },
])(
  "fifteen days that a concentrator brings along, with an exchange ($kind), a roll-over and doors, are those of the ledger",
  async ({ seed, kind }) => {
    const town = new GridTown({ points: 60, seed, begin });
    const nowMs = town.calendar.day(town.beginDay + 15).startMs + 10 * hourMs + 7 * minuteMs;
    const clock = new StageClock(nowMs);
    const street = openStreet({ town, concentrator: 0, clock });
    const { site } = street;
    const past = await site.gatherPast(async () => undefined);
    const concentrator = await street.start({}, { past: () => past });
    running.push(concentrator);
    await clock.advance(2 * hourMs);
    const { edge } = concentrator;
    const told = journalOf(edge);
    expect(against(town, street, told.devices, nowMs - 7 * minuteMs)).toEqual({ missing: [], wrong: [] });
    expect(told).toMatchObject({ repeated: 0, changed: 0 });

    const exchanged = site.points.filter(({ exchange }) => exchange && exchange.atMs < nowMs);
    const sure = exchanged.find(({ index }) => index === 6)!;
    expect(sure.attachment.kind).toBe(kind);
    const states = new Map(edge.devices().map(({ name, state }) => [name, state]));
    for (const point of exchanged) {
      expect(states.get(site.nameOf(point, false))).toBe("exchanged");
      expect(states.get(site.nameOf(point, true))).toBe("new");
      const { atMs } = point.exchange!;
      const old = told.devices.get(site.nameOf(point, false))!;
      for (const startMs of old.intervals.keys()) expect(startMs + quarterMs).toBeLessThanOrEqual(atMs);
      for (const startMs of told.devices.get(site.nameOf(point, true))!.intervals.keys())
        expect(startMs).toBeGreaterThanOrEqual(atMs);
    }
    const own = told.devices.get("device 1")!.events;
    expect(own.filter(({ code }) => code === 0x0305)).toHaveLength(exchanged.length);

    // Point 4 rolled over in the first days: its register, modulo what it shows, went back once.
    const rolling = site.points.find(({ index }) => index === 4);
    if (rolling) {
      const shown = told.devices
        .get(site.nameOf(rolling, false))!
        .registers.map(({ wh }) => wh % capacityOf(rolling));
      expect(shown.filter((wh, n) => n > 0 && wh < shown[n - 1]!)).toHaveLength(1);
    }
    const doors = [...doorsOf(town, 0, town.calendar.day(town.beginDay).startMs, nowMs)];
    const opened = [...told.devices.values()]
      .flatMap(({ events }) => events)
      .filter(({ code }) => code === 0x1010);
    expect(opened.map(({ atMs }) => atMs).sort()).toEqual(doors.map(({ fromMs }) => fromMs).sort());
  },
  60_000,
);

test("a field that was away for a day and five hours goes on as if it had not been", async () => {
  const town = new GridTown({ points: 60, seed: 3, begin });
  const startMs = town.calendar.day(town.beginDay + 1).startMs + 10 * hourMs + 7 * minuteMs;
  const path = join(folder, "street.sqlite");
  const live = async (fromMs: number) => {
    const clock = new StageClock(fromMs);
    const street = openStreet({ town, concentrator: 0, clock });
    const past = await street.site.gatherPast(async () => undefined);
    const one = await street.start(
      { store: { path }, schedule: { profileBackDays: 3 } },
      { past: () => past, meanwhile: (devices, lastMs) => street.site.countsSince(devices, lastMs) },
    );
    await clock.advance(2 * hourMs + 40 * minuteMs);
    return { street, one, nowMs: clock.now() };
  };
  const before = await live(startMs);
  await before.one.stop();
  before.street.site.stop();
  const after = await live(before.nowMs + 29 * hourMs);
  running.push(after.one);
  const told = journalOf(after.one.edge);
  const toMs = Math.floor(after.nowMs / quarterMs) * quarterMs - hourMs;
  expect(against(town, after.street, told.devices, toMs)).toEqual({ missing: [], wrong: [] });
  expect(told).toMatchObject({ repeated: 0, changed: 0 });
}, 60_000);
