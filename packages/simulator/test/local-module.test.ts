import { describe, expect, test } from "vitest";
import { Bus } from "../src/field/bus.ts";
import { attachBlockDevice } from "../src/field/bus-slaves.ts";
import { LocalModule, type LocalModuleOptions } from "../src/field/local-module.ts";
import { type ModuleState, type NewInput, newModuleState } from "../src/field/module-state.ts";
import { draws } from "../src/random.ts";
import { answer, command, crc16, StageClock, typist } from "./field-line.ts";
import { calendar } from "./support.ts";

const startMs = Date.UTC(2026, 10, 26, 9, 45, 0);
const serial = "00012345";
const meter: NewInput = { name: "ENS70500001", pulses: 120_345, relay: "closed" };

function stage(
  changes: Partial<LocalModuleOptions> = {},
  inputs: readonly (NewInput | undefined)[] = [meter],
) {
  const clock = new StageClock(startMs);
  const bus = new Bus({ clock });
  const moved: string[] = [];
  const saved: string[] = [];
  const options: LocalModuleOptions = {
    serial,
    clock,
    calendar,
    state: newModuleState(8, inputs, startMs),
    onRelay: (input, closed) => void moved.push(`${input} ${closed ? "closed" : "open"}`),
    save: (state) => void saved.push(JSON.stringify(state)),
    ...changes,
  };
  const module = new LocalModule(options);
  const slave = attachBlockDevice(bus, module, clock);
  const line = typist(bus.master());
  const say = async (text: string, waitMs = 200) => {
    line.send(text);
    await clock.advance(waitMs);
    return line.seen();
  };
  /** The value of a data set in a fresh block. */
  const read = async (address: string) => {
    const block = await say(`/?${serial}!\r\n`);
    return block
      .split("\r\n")
      .filter((row) => row.startsWith(`${address}(`))
      .map((row) => row.slice(address.length))
      .join(" ");
  };
  const program = async () => {
    await say(`/?${serial}!\r\n`);
    expect(await say(command("P1\x02(00000000)"))).toBe("\x06");
  };
  return { clock, bus, module, slave, say, read, program, moved, saved, options };
}

/** Another module of the same works with what the old one kept, as after a restart of this program. */
const kept = (state: ModuleState): ModuleState => JSON.parse(JSON.stringify(state));

test("a module answers its serial number with its block, to the letter of the agreement", async () => {
  const { say } = stage();
  const block = await say("/?00012345!\r\n");
  const rows = [
    "/ENS3LM08-1.00",
    "",
    "0-0:96.1.0(00012345)",
    "0-0:96.1.1()",
    "0-0:1.0.0(261126114500W)",
    "0-0:96.5.0(00)",
    "0-0:96.6.6(4.15*V)",
    "0-0:96.7.0(00001)",
    "0-0:96.3.1(03)",
    "1-1:82.8.0(0000120345)",
    "1-1:0.3.3(5.000*Wh)",
    "1-1:0.3.0(1600*imp/kWh)",
    "0-1:96.1.0(ENS70500001)",
    "0-1:96.5.1(00)",
    "0-1:96.3.10(1)",
    ...[2, 3, 4, 5, 6, 7, 8].flatMap((n) => [
      `1-${n}:82.8.0(0000000000)`,
      `1-${n}:0.3.3(5.000*Wh)`,
      `1-${n}:0.3.0(1600*imp/kWh)`,
      `0-${n}:96.1.0()`,
      `0-${n}:96.5.1(08)`,
      `0-${n}:96.3.10(-)`,
    ]),
    "!",
  ];
  const text = rows.join("\r\n");
  expect(block).toBe(`${text}${crc16(text)}\r\n`);
});

test.each([8, 16, 32] as const)(
  "a module of %i inputs says so and has a counter for each",
  async (inputs) => {
    const { say } = stage({ state: newModuleState(inputs, [meter], startMs) });
    const block = await say("/?12345!\r\n");
    expect(block).toContain(`/ENS3LM${String(inputs).padStart(2, "0")}-1.00\r\n`);
    expect(block.match(/:82\.8\.0\(/g)).toHaveLength(inputs);
  },
);

test("others' addresses are not answered, the short address is", async () => {
  const { say, program } = stage();
  expect(await say("/?00012346!\r\n")).toBe("");
  await program();
  expect(await say(command("W1\x020-0:96.1.1(7)"))).toBe("\x06");
  expect(await say("/?7!\r\n")).toContain("0-0:96.1.1(7)");
  expect(await say("/?007!\r\n")).toContain("0-0:96.1.0(00012345)");
});

describe("pulses", () => {
  /** Edges as a reed contact makes them: it bounces for some milliseconds. */
  const pulse = (module: LocalModule, atMs: number, closedMs: number) => {
    for (const [offset, closed] of [
      [0, true],
      [2, false],
      [3, true],
      [4, false],
      [6, true],
      [6 + closedMs, false],
      [8 + closedMs, true],
      [9 + closedMs, false],
    ] as const) {
      module.edge(1, closed, atMs + offset);
    }
  };

  test("a contact that bounces counts once, one that is too short not at all", async () => {
    const { clock, module } = stage();
    pulse(module, startMs + 100, 60);
    pulse(module, startMs + 300, 20);
    pulse(module, startMs + 500, 31);
    await clock.advance(1000);
    expect(module.pulses(1)).toBe(120_347);
  });

  test("a pulse counts once the contact was open for 30 ms again", async () => {
    const { clock, module } = stage();
    module.edge(1, true, startMs);
    module.edge(1, false, startMs + 50);
    await clock.advance(79);
    expect(module.pulses(1)).toBe(120_345);
    await clock.advance(1);
    expect(module.pulses(1)).toBe(120_346);
  });

  test("after 9999999999 comes 0", async () => {
    const { module, read } = stage({}, [{ ...meter, pulses: 9_999_999_998 }]);
    module.addPulses(1, 3);
    expect(await read("1-1:82.8.0")).toBe("(0000000001)");
  });

  test("a meter's running total is counted from where it is connected", async () => {
    const { clock, module } = stage();
    module.followPulses(1, (atMs) => Math.floor((atMs - startMs) / 1000) + 5000);
    await clock.advance(90_000);
    expect(module.pulses(1)).toBe(120_345 + 90);
    module.breakPulseLine(1, true);
    await clock.advance(10_000);
    module.breakPulseLine(1, false);
    await clock.advance(5000);
    expect(module.pulses(1)).toBe(120_345 + 95);
  });

  test("counters, constants and names survive the end of the program", async () => {
    const { module, program, say, options } = stage();
    await program();
    await say(command("W1\x021-1:0.3.3(0.625)"));
    await say(command("W1\x020-1:96.1.0(ISK0012345)"));
    module.addPulses(1, 7);
    const next = new LocalModule({ ...options, state: kept(module.state) });
    expect(next.pulses(1)).toBe(120_352);
    expect(next.state.inputs[0]).toMatchObject({ energyPerPulseWh: "0.625", name: "ISK0012345" });
  });
});

describe("events", () => {
  test("tamper, door, broken line and wrong wiring stand in the ring, and their bits in the block", async () => {
    const { module, read, clock } = stage();
    module.setTamper(1, true);
    await clock.advance(1000);
    module.setDoor(1, false);
    module.breakPulseLine(1, true);
    module.setWrongWiring(1, true);
    expect(await read("0-1:96.5.1")).toBe("(07)");
    expect(await read("0-0:96.3.1")).toBe("(02)");
    expect(await read("0-0:99.98.0")).toBe(
      [
        "(0000000001)(261126114500W)(1020)(1)",
        "(0000000002)(261126114501W)(1010)(0)",
        "(0000000003)(261126114501W)(1022)(1)",
        "(0000000004)(261126114501W)(1023)(1)",
      ].join(" "),
    );
    module.setTamper(1, false);
    expect(await read("0-1:96.5.1")).toBe("(06)");
  });

  test("at most twenty stand in a block; what is acknowledged comes no more, a number that never was is refused", async () => {
    const { module, read, program, say } = stage();
    for (let n = 0; n < 15; n++) {
      module.setTamper(1, true);
      module.setTamper(1, false);
    }
    const first = await read("0-0:99.98.0");
    expect(first.split(" ")).toHaveLength(20);
    await program();
    expect(await say(command("W1\x020-0:99.98.0(0000000020)"))).toBe("\x06");
    expect(await say(command("W1\x020-0:99.98.0(0000000099)"))).toBe(answer("(ERROR)"));
    const second = await read("0-0:99.98.0");
    expect(second.split(" ")).toHaveLength(10);
    expect(second).toMatch(/^\(0000000021\)/);
  });
});

describe("supply", () => {
  test("without supply a module is silent and counts on; its ring tells when", async () => {
    const { module, read, say, clock } = stage();
    module.setSupply(false);
    await clock.advance(60_000);
    module.addPulses(1, 10);
    expect(await say(`/?${serial}!\r\n`)).toBe("");
    module.setSupply(true);
    expect(await read("1-1:82.8.0")).toBe("(0000120355)");
    expect(await read("0-0:99.98.0")).toBe(
      "(0000000001)(261126114500W)(1002)(0) (0000000002)(261126114600W)(1003)(0)",
    );
    expect(await read("0-0:96.7.0")).toBe("(00001)");
  });

  test("the battery's voltage falls, low is told when it became low, and an empty one stops the module", async () => {
    const { module, read, clock } = stage({ batteryHours: 10 });
    module.setSupply(false);
    await clock.advance(8 * 3_600_000);
    module.addPulses(1, 1);
    await clock.advance(4 * 3_600_000);
    module.addPulses(1, 100);
    module.setSupply(true);
    const block = await read("0-0:99.98.0");
    // Nine of ten hours after 11:45; then nothing until its clock began anew.
    expect(block).toContain("(0000000002)(261126204500W)(1004)(0)");
    expect(block).toContain("(0000000003)(260101020000W)(1001)(0)");
    expect(await read("1-1:82.8.0")).toBe("(0000120346)");
    expect(await read("0-0:96.7.0")).toBe("(00002)");
    expect(Number((await read("0-0:96.6.6")).slice(1, 5))).toBeLessThan(3.1);
  });

  test("a restart is said until it was read once, the clock until it was set", async () => {
    const { module, read, program, say } = stage();
    module.restart();
    expect(await read("0-0:96.5.0")).toBe("(14)");
    expect(await read("0-0:96.5.0")).toBe("(04)");
    await program();
    expect(await say(command("W1\x020-0:1.0.0(261126114600W)"))).toBe("\x06");
    expect(await read("0-0:96.5.0")).toBe("(00)");
  });

  test("the clock drifts, and setting it by more than a minute is an event", async () => {
    const { read, program, say, clock } = stage({ driftPpm: 1000 });
    await clock.advance(100_000_000);
    expect(await read("0-0:1.0.0")).toBe("(261127153320W)");
    await program();
    await say(command("W1\x020-0:1.0.0(261127153140W)"));
    expect(await read("0-0:99.98.0")).toMatch(/^\(0000000001\)\(261127153140W\)\(0003\)\(0\)$/);
    await program();
    expect(await say(command("W1\x020-0:1.0.0(261331000000W)"))).toBe(answer("(ERROR)"));
  });
});

describe("programming", () => {
  test("begins within 1.5 s after a block, and wants the password", async () => {
    const { say, clock, program } = stage();
    expect(await say(command("P1\x02(00000000)"))).toBe("");
    await say(`/?${serial}!\r\n`);
    await clock.advance(1600);
    expect(await say(command("P1\x02(00000000)"))).toBe("");
    await say(`/?${serial}!\r\n`);
    expect(await say(command("P1\x02(12345678)"))).toBe(command("B0"));
    expect(await say(command("R1\x020-1:96.3.10()"))).toBe("");
    await program();
    expect(await say(command("R1\x020-1:96.3.10()"))).toBe(answer("0-1:96.3.10(1)"));
    expect(await say(command("B0"))).toBe("");
    expect(await say(command("R1\x020-1:96.3.10()"))).toBe("");
  });

  test("a command with a wrong check is not acknowledged and does nothing", async () => {
    const { say, program, module } = stage();
    await program();
    expect(await say("\x01W1\x020-1:96.3.10(0)\x03\x00")).toBe("\x15");
    expect(module.state.inputs[0]?.relay).toBe("closed");
  });
});

describe("relay", () => {
  test("a command moves the contact, which is told, written and in the ring", async () => {
    const { say, program, moved, read } = stage();
    await program();
    expect(await say(command("W1\x020-1:96.3.10(0)"))).toBe("\x06");
    expect(moved).toEqual(["1 open"]);
    expect(await read("0-1:96.3.10")).toBe("(0)");
    expect(await read("0-0:99.98.0")).toMatch(/\(1030\)\(1\)$/);
    await program();
    expect(await say(command("W1\x020-2:96.3.10(0)"))).toBe(answer("(ERR10)"));
  });

  test("a contact that does not obey is said, and is not moved later by itself", async () => {
    const { say, program, module, moved, read } = stage();
    module.jamRelay(1, true);
    await program();
    expect(await say(command("W1\x020-1:96.3.10(0)"))).toBe(answer("(ERR31)"));
    module.jamRelay(1, false);
    module.restart();
    expect(moved).toEqual([]);
    expect(await read("0-0:99.98.0")).toContain("(1032)(1)");
  });

  test("an open contact stays open through loss of supply, an empty battery, restart and another battery", async () => {
    const { say, program, module, moved, clock, read, options } = stage({ batteryHours: 1 });
    await program();
    await say(command("W1\x020-1:96.3.10(0)"));
    module.setSupply(false);
    await clock.advance(3 * 3_600_000);
    module.replaceBattery();
    module.setSupply(true);
    module.restart();
    expect(await read("0-1:96.3.10")).toBe("(0)");
    const next = new LocalModule({ ...options, state: kept(module.state) });
    expect(next.state.inputs[0]?.relay).toBe("open");
    expect(moved).toEqual(["1 open"]);
  });

  test("the command is written before the contact moves; supply that fails in between is made up for", async () => {
    const { say, program, module, moved, saved, read } = stage();
    await program();
    await say(command("W1\x020-1:96.3.10(0)"), 40);
    expect(moved).toEqual([]);
    const written: ModuleState = JSON.parse(saved.at(-1) ?? "");
    expect(written.inputs[0]).toMatchObject({ relay: "closed", relayOrdered: "open" });
    module.setSupply(false);
    expect(await say("", 1000)).toBe("");
    expect(moved).toEqual([]);
    module.setSupply(true);
    expect(moved).toEqual(["1 open"]);
    expect(await read("0-1:96.3.10")).toBe("(0)");
  });

  test("an order that was written when the program ended is finished by the next one", async () => {
    const { say, program, saved, options, moved } = stage();
    await program();
    await say(command("W1\x020-1:96.3.10(0)"), 40);
    const next = new LocalModule({ ...options, state: JSON.parse(saved.at(-1) ?? "") });
    expect(next.state.inputs[0]?.relay).toBe("open");
    expect(moved).toEqual(["1 open"]);
  });
});

test("noise on the line is answered by nothing, changes nothing, and leaves the module ready", async () => {
  const { say, module, bus, clock } = stage();
  const draw = draws(11);
  const before = JSON.stringify(module.state);
  const master = bus.master();
  let answers = 0;
  master.onBytes(() => {
    answers++;
  });
  for (let n = 0; n < 2000; n++) {
    master.write(Uint8Array.from({ length: 1 + Math.floor(draw() * 40) }, () => Math.floor(draw() * 256)));
    if (n % 100 === 0) await clock.advance(2000);
  }
  expect(answers).toBe(0);
  expect(JSON.stringify(module.state)).toBe(before);
  master.write(Uint8Array.from(Buffer.from(`/?${serial}!\r\n`)));
  await clock.advance(100);
  expect(answers).toBe(1);
  expect(await say("")).toBe("");
});
