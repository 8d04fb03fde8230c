import type { RunningConcentrator } from "@energsys/concentrator";
import { afterEach, expect, test } from "vitest";
import { GridTown } from "../src/town/grid-town.ts";
import { doorsOf } from "../src/town/happenings.ts";
import { capacityOf } from "../src/town/registers.ts";
import { StageClock } from "./field-line.ts";
import { compare, journalOf, minuteMs, openStreet, partial, quarterMs } from "./street.ts";

const running: RunningConcentrator[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

/** One of the three streets of the town; all of them by `ENERGSYS_STREETS=3`. */
const streets = Array.from({ length: Number(process.env.ENERGSYS_STREETS ?? 1) }, (_, number) => number);

test.each(streets)(
  "street %d over the end of summer time: what the journal says is what the ledger says",
  async (number) => {
    const town = new GridTown({ points: 90, seed: 11, begin: "2026-10-22" });
    const beginMs = town.calendar.day(town.beginDay).startMs;
    const toMs = town.calendar.day(town.beginDay + 6).startMs;
    // Pulses on modules, IEC 62056-21 of three makers, HDLC; point 4 rolls over, point 6 is exchanged.
    const clock = new StageClock(beginMs - 5 * minuteMs);
    const street = openStreet({ town, concentrator: number, clock });
    const concentrator = await street.start();
    running.push(concentrator);
    const { edge } = concentrator;
    await clock.advance(toMs - clock.now() + 70 * minuteMs);
    const told = journalOf(edge);
    const verdict = compare(town, street, told.devices, beginMs, toMs);
    const withCurve = street.site.points.filter(({ meter }) => meter.kind !== "iec-iskra");
    expect(verdict.wrong).toEqual([]);
    expect(told).toMatchObject({ repeated: 0, changed: 0 });
    expect(told.numbers).toEqual(told.numbers.map((_, n) => n + 1));
    // 580 quarter-hours in these six days. What is missing of an exchanged meter lies around its exchange.
    const exchanged = street.site.points.find(({ exchange }) => exchange && exchange.atMs < toMs);
    expect(verdict.right + verdict.missing).toBe(580 * withCurve.length);
    expect(verdict.missing).toBeLessThanOrEqual(exchanged ? 8 : 0);
    expect([...told.devices.values()].flatMap(({ intervals }) => [...intervals.values()])).not.toContainEqual(
      expect.objectContaining({ flags: partial }),
    );
    // The door of the cabinet: each opening of the town is told once, at its second, and so is that it was closed.
    const doors = [...doorsOf(town, number, beginMs, toMs)].flatMap(({ fromMs, toMs: closedMs }) => [
      { code: 0x1010, atMs: fromMs },
      { code: 0x1011, atMs: closedMs },
    ]);
    const toldOfDoors = [...told.devices.values()]
      .flatMap(({ events }) => events)
      .filter(({ code, atMs }) => (code === 0x1010 || code === 0x1011) && atMs >= beginMs);
    expect(toldOfDoors.sort((a, b) => a.atMs - b.atMs)).toEqual(doors);
    // The first street has point 4, which rolls over, and point 6, which is exchanged.
    if (number > 0 || !exchanged) return;
    const { atMs } = exchanged.exchange!;
    const old = told.devices.get(street.site.nameOf(exchanged, false))!;
    expect(Math.max(...old.intervals.keys()) + quarterMs).toBeLessThanOrEqual(atMs);
    expect(
      Math.min(...told.devices.get(street.site.nameOf(exchanged, true))!.intervals.keys()),
    ).toBeGreaterThan(atMs);
    // Its register went back by all that its drums hold.
    const rolling = street.site.points.find(({ index }) => index === 4)!;
    const shown = told.devices
      .get(street.site.nameOf(rolling, false))!
      .registers.filter((register) => register.atMs > beginMs && register.atMs < toMs)
      .map(({ wh }) => wh % capacityOf(rolling));
    expect(shown.filter((wh, n) => n > 0 && wh < shown[n - 1]!)).toHaveLength(1);
  },
  120_000,
);
