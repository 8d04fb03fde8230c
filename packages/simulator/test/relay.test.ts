import { describe, expect, test } from "vitest";
import { nextState, type RelayActor, type RelayCommand, type RelayMode } from "../src/meter/relay.ts";
import { meterOf, nowMs, quiet, slotMs, surroundings } from "./support.ts";

describe("the disconnector", () => {
  // From the table of class 70: what each mode makes of a command, by the state that it finds.
  test.each<[RelayMode, RelayActor, RelayCommand, (0 | 1 | 2 | undefined)[]]>([
    [0, "remote", "disconnect", [undefined, undefined, undefined]],
    [1, "remote", "disconnect", [undefined, 0, 0]],
    [1, "remote", "reconnect", [2, undefined, undefined]],
    [1, "manual", "disconnect", [undefined, 2, undefined]],
    [1, "manual", "reconnect", [undefined, undefined, 1]],
    [1, "local", "disconnect", [undefined, 2, undefined]],
    [1, "local", "reconnect", [undefined, undefined, undefined]],
    [2, "remote", "reconnect", [1, undefined, undefined]],
    [2, "manual", "disconnect", [undefined, 2, undefined]],
    [3, "remote", "reconnect", [2, undefined, undefined]],
    [3, "manual", "disconnect", [undefined, undefined, undefined]],
    [4, "remote", "reconnect", [1, undefined, undefined]],
    [4, "manual", "disconnect", [undefined, undefined, undefined]],
    [5, "remote", "reconnect", [2, undefined, undefined]],
    [5, "manual", "disconnect", [undefined, 2, undefined]],
    [5, "local", "reconnect", [undefined, undefined, 1]],
    [6, "remote", "reconnect", [2, undefined, undefined]],
    [6, "manual", "disconnect", [undefined, undefined, undefined]],
    [6, "local", "reconnect", [undefined, undefined, 1]],
  ])("in mode %i, %s %s: from disconnected, connected, ready", (mode, actor, command, expected) => {
    expect(([0, 1, 2] as const).map((state) => nextState(mode, state, actor, command))).toEqual(expected);
  });
});

describe("energy", () => {
  const open = () => {
    let now = nowMs;
    const meter = meterOf("dlms-wrapper", { relayMode: 2 }, surroundings(quiet), () => now);
    return {
      meter,
      wait: (ms: number) => {
        now += ms;
      },
    };
  };

  test("stands still while the relay is open, in the registers as in the curve, and never runs back", () => {
    const { meter, wait } = open();
    const other = open();
    const before = meter.registersNow();
    expect(before).toEqual(other.meter.registersNow());
    expect(meter.switchRelay("remote", "disconnect")).toBe(true);
    expect(meter.registersNow()).toEqual(before);
    expect(meter.instant()).toMatchObject({ importW: 0, exportW: 0 });
    expect(meter.instant().volts[0]).toBeGreaterThan(200);
    wait(26 * 3600_000 + 17_000);
    expect(meter.registersNow()).toEqual(before);
    const openedMs = nowMs;
    expect(meter.switchRelay("remote", "reconnect")).toBe(true);
    expect(meter.registersNow()).toEqual(before);
    let last = before.importWh;
    for (let minute = 0; minute < 45; minute++) {
      wait(60_000);
      const { importWh } = meter.registersNow();
      expect(importWh).toBeGreaterThanOrEqual(last);
      last = importWh;
    }
    expect(last).toBeGreaterThan(before.importWh);
    // Rows within the time have no energy, and the rows add up to the register.
    const rows = meter.profileRows(openedMs, Infinity);
    const endOf = (n: number) => rows.endsMs[n]!;
    rows.importWh.forEach((wh, n) => {
      if (endOf(n) - slotMs >= openedMs && endOf(n) <= openedMs + 26 * 3600_000) expect(wh).toBe(0);
    });
    const first = meter.registersAt(rows.endsMs[0]! - slotMs).importWh;
    const sum = rows.importWh.reduce((total, wh) => total + wh, 0);
    expect(first + sum).toBe(rows.registers.at(-1)!.importWh);
    expect(rows.registers.at(-1)!.importWh).toBe(meter.registersAt(rows.endsMs.at(-1)!).importWh);
    // The neighbour went on.
    expect(meter.registersAt(openedMs + 86_400_000).importWh).toBe(before.importWh);
  });

  test("of a clock that was put back does not run back either", () => {
    const { meter, wait } = open();
    const before = meter.registersNow().importWh;
    meter.setClock(meter.now() - 50_000);
    expect(meter.registersNow().importWh).toBe(before);
    wait(600_000);
    expect(meter.registersNow().importWh).toBeGreaterThan(before);
    expect(meter.events(nowMs - 60_000, Infinity).map(({ kind }) => kind)).toEqual([
      "clock-new",
      "clock-old",
    ]);
  });
});
