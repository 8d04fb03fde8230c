import { expect, test } from "vitest";
import { slotMs } from "../src/calendar.ts";
import { VirtualMeter } from "../src/meter/virtual-meter.ts";
import { balanceMeters } from "../src/town/balance-meters.ts";
import { GridTown } from "../src/town/grid-town.ts";

test("what a meter holds begins with the town: the first index is what its register began with, and none goes back", () => {
  const town = new GridTown({ points: 60, seed: 1, begin: "2026-10-20" });
  const beginMs = town.calendar.day(town.beginDay).startMs;
  const nowMs = beginMs + 2 * 86_400_000;
  const now = () => nowMs;
  const meters = [
    ...town.points.map(({ meter }, n) => new VirtualMeter(meter, town.surroundings, now, town.curveOf(n))),
    ...balanceMeters(town, 30).map(
      ({ meter, curve }) => new VirtualMeter(meter, town.surroundings, now, curve),
    ),
  ];
  let indexes = 0;
  for (const meter of meters) {
    const { serial, profile } = meter.description;
    const { firstEndMs } = meter.profileWindow();
    const rows = meter.profileRows(beginMs - 86_400_000, nowMs);
    const first = profile.columns === "index" ? beginMs : beginMs + slotMs;
    expect([serial, firstEndMs, rows.endsMs[0]]).toEqual([serial, first, first]);
    if (profile.columns === "index") {
      indexes++;
      expect([serial, rows.registers[0]!.importWh]).toEqual([serial, meter.registersAt(beginMs).importWh]);
    }
    for (let n = 1; n < rows.registers.length; n++)
      expect(rows.registers[n]!.importWh - rows.registers[n - 1]!.importWh, serial).toBe(rows.importWh[n]);
  }
  expect(indexes).toBeGreaterThan(5);
});
