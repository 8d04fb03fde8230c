import { expect, test } from "vitest";
import { Bus } from "../src/field/bus.ts";
import { attachBlockDevice, attachSupplyUnit } from "../src/field/bus-slaves.ts";
import { LocalModule } from "../src/field/local-module.ts";
import { newModuleState } from "../src/field/module-state.ts";
import { newSupplyState, type Rails, SupplyUnit } from "../src/field/supply-unit.ts";
import { answer, command, crc16, StageClock, typist } from "./field-line.ts";
import { calendar } from "./support.ts";

const startMs = Date.UTC(2026, 10, 26, 9, 45, 0);
const hourMs = 3_600_000;

/** A unit on a line of its own, and a module that it feeds. */
function stage() {
  const clock = new StageClock(startMs);
  const bus = new Bus({ clock });
  const state = newModuleState(8, [], startMs);
  const module = new LocalModule({ serial: "00000001", clock, calendar, state });
  const rails: Rails[] = [];
  const unit = new SupplyUnit({
    serial: "00007001",
    clock,
    calendar,
    state: newSupplyState(startMs),
    batteryHours: 10,
    onOutputs: (outputs) => {
      rails.push(outputs);
      module.setSupply(outputs.modules);
    },
  });
  attachSupplyUnit(bus, unit, clock);
  const line = typist(bus.master());
  const say = async (text: string, waitMs = 100) => {
    line.send(text);
    await clock.advance(waitMs);
    return line.seen();
  };
  const program = async () => {
    await say("/?00007001!\r\n");
    expect(await say(command("P1\x02(00000000)"))).toBe("\x06");
  };
  /** Rows of what the unit says by itself within a time. */
  const pushed = async (waitMs: number) => {
    line.clear();
    await clock.advance(waitMs);
    return line.seen();
  };
  return { clock, unit, module, rails, say, program, pushed, line };
}

const eventsOf = (block: string) =>
  [...block.matchAll(/99\.98\.0\(\d+\)\(\d+W\)\((\w+)\)/g)].map(([, code]) => code);

test("a supply unit answers with its block, to the letter of the agreement", async () => {
  const { say } = stage();
  const rows = [
    "/ENS3PS00-1.00",
    "",
    "0-0:96.1.0(00007001)",
    "0-0:1.0.0(261126114500W)",
    "0-0:96.5.0(00)",
    "0-0:96.6.0(100*%)",
    "0-0:32.7.0(230.0*V)",
    "0-0:96.3.2(03)",
    "!",
  ].join("\r\n");
  expect(await say("/?00007001!\r\n")).toBe(`${rows}${crc16(rows)}\r\n`);
});

test("it speaks by itself every ten seconds, and at once when the mains fails", async () => {
  const { unit, pushed, line } = stage();
  expect((await pushed(30_000)).match(/\/ENS3PS00/g)).toHaveLength(3);
  line.clear();
  unit.setMains(0);
  expect(line.seen()).toContain("0-0:96.5.0(01)\r\n");
  expect(line.seen()).toContain("0-0:32.7.0(0.0*V)\r\n");
  expect(eventsOf(line.seen())).toEqual(["0101", "0103"]);
});

test("mains failure, backup, threshold, announced shutdown, silence, and supply again after the mains is back", async () => {
  const { unit, module, rails, program, say, pushed, line, clock } = stage();
  unit.setMains(0);
  // Ten hours to empty: the threshold of 20 % is crossed after eight, and said in that second.
  const before = await pushed(8 * hourMs - 1000);
  expect(before).not.toContain("0-0:96.5.0(03)");
  const crossing = await pushed(2000);
  expect(crossing).toContain("0-0:96.5.0(03)");
  expect(eventsOf(crossing)).toContain("0104");

  await program();
  expect(await say(command("W1\x020-0:96.3.2(00)"), 50)).toContain("\x06");
  expect(rails).toEqual([]);
  await clock.advance(9000);
  expect(module.speaks()).toBe(true);
  await clock.advance(1000);
  expect(rails).toEqual([{ modules: false, concentrator: false }]);
  expect(module.speaks()).toBe(false);

  await clock.advance(hourMs);
  line.clear();
  unit.setMains(230);
  expect(eventsOf(line.seen()).slice(-2)).toEqual(["0105", "0102"]);
  await clock.advance(59_000);
  expect(rails).toHaveLength(1);
  await clock.advance(1000);
  expect(rails.at(-1)).toEqual({ modules: true, concentrator: true });
  expect(module.speaks()).toBe(true);
});

test("a battery that nobody spares ends by itself; then the unit is silent and starts anew with the mains", async () => {
  const { unit, rails, say, clock } = stage();
  unit.setMains(0);
  await clock.advance(10 * hourMs + 1000);
  expect(rails).toEqual([{ modules: false, concentrator: false }]);
  expect(await say("/?00007001!\r\n")).toBe("");
  unit.setMains(228.5);
  const block = await say("/?00007001!\r\n");
  expect(block).toContain("0-0:96.3.2(00)\r\n");
  expect(block).toContain("0-0:32.7.0(228.5*V)\r\n");
  await clock.advance(60_000);
  expect(rails.at(-1)).toEqual({ modules: true, concentrator: true });
});

test("the mains that fails again within the minute gives no supply", async () => {
  const { unit, rails, clock } = stage();
  unit.setMains(0);
  await clock.advance(11 * hourMs);
  unit.setMains(230);
  await clock.advance(30_000);
  unit.setMains(0);
  await clock.advance(hourMs);
  expect(rails).toEqual([{ modules: false, concentrator: false }]);
});

test("its ring is acknowledged, its outputs are read, and what it does not know is refused", async () => {
  const { unit, program, say } = stage();
  unit.setMains(0);
  await program();
  expect(await say(command("W1\x020-0:99.98.0(0000000002)"))).toBe("\x06");
  expect(eventsOf(await say("/?7001!\r\n"))).toEqual([]);
  await program();
  expect(await say(command("R1\x020-0:96.3.2()"))).toBe(answer("0-0:96.3.2(03)"));
  expect(await say(command("W1\x020-0:96.3.2(04)"))).toBe(answer("(ERROR)"));
});

test("on a line with others a unit speaks only when it is called", async () => {
  const clock = new StageClock(startMs);
  const bus = new Bus({ clock });
  const unit = new SupplyUnit({ serial: "00007002", clock, calendar, state: newSupplyState(startMs) });
  attachBlockDevice(bus, unit, clock);
  const line = typist(bus.master());
  unit.setMains(0);
  await clock.advance(60_000);
  expect(line.seen()).toBe("");
  line.send("/?7002!\r\n");
  await clock.advance(50);
  expect(line.seen()).toContain("0-0:96.5.0(01)");
});
