import { clientAddress, encodeFrame, FrameReader, serverAddress } from "@energsys/protocols/hdlc";
import { describe, expect, test } from "vitest";
import { Bus } from "../src/field/bus.ts";
import { listenBus } from "../src/field/bus-server.ts";
import { attachBlockDevice, attachMeter } from "../src/field/bus-slaves.ts";
import { LocalModule } from "../src/field/local-module.ts";
import { newModuleState } from "../src/field/module-state.ts";
import { realLineClock, StageClock, typist } from "./field-line.ts";
import { ascii, calendar, deviceOf, dial, meterOf, nowMs, until } from "./support.ts";

const moduleOn = (bus: Bus, clock: StageClock, serial: string) => {
  const state = newModuleState(8, [], clock.now());
  const module = new LocalModule({ serial, clock, calendar, state });
  return { module, slave: attachBlockDevice(bus, module, clock) };
};

/** Everything that leaves the line at once in `bytes` pieces, as the master hears it. */
const hearing = (bus: Bus) => {
  const heard: number[] = [];
  const master = bus.master();
  master.onBytes((bytes) => heard.push(...bytes));
  return { master, heard };
};

test("each of many modules answers its own address only", async () => {
  const clock = new StageClock(nowMs);
  const bus = new Bus({ clock });
  for (const serial of ["00000001", "00000002", "00000003"]) moduleOn(bus, clock, serial);
  const line = typist(bus.master());
  for (const serial of ["00000003", "00000001", "00000002"]) {
    line.send(`/?${serial}!\r\n`);
    await clock.advance(50);
    expect(line.seen().match(/0-0:96\.1\.0\((\d+)\)/g)).toEqual([`0-0:96.1.0(${serial})`]);
  }
  expect(bus.collisions).toBe(0);
});

test("two modules with one address garble each other's answer", async () => {
  const clock = new StageClock(nowMs);
  const bus = new Bus({ clock });
  const first = moduleOn(bus, clock, "00000004");
  moduleOn(bus, clock, "00000004");
  const line = typist(bus.master());
  line.send("/?00000004!\r\n");
  await clock.advance(50);
  expect(bus.collisions).toBeGreaterThan(0);
  expect(line.seen().length).toBeGreaterThan(500);
  expect(line.seen().slice(line.seen().length / 2)).not.toContain("82.8.0");
  // One of them off the line, the other is understood.
  first.slave.detach();
  line.send("/?00000004!\r\n");
  await clock.advance(50);
  expect(line.seen()).toContain("0-0:96.1.0(00000004)");
});

describe("a line with a rate", () => {
  test("takes ten bits to a character", async () => {
    const clock = new StageClock(nowMs);
    const bus = new Bus({ clock, baudRate: 9600 });
    const { heard } = hearing(bus);
    const slave = bus.attach();
    slave.write(new Uint8Array(960).fill(0x31));
    await clock.advance(500);
    expect(heard.length).toBeGreaterThan(420);
    expect(heard.length).toBeLessThanOrEqual(480);
    await clock.advance(500);
    expect(heard).toEqual(new Array(960).fill(0x31));
  });

  test("garbles what overlaps and only that", async () => {
    const clock = new StageClock(nowMs);
    const bus = new Bus({ clock, baudRate: 9600 });
    const { heard } = hearing(bus);
    const [one, other] = [bus.attach(), bus.attach()];
    one.write(new Uint8Array(960).fill(0x31));
    await clock.advance(900);
    other.write(new Uint8Array(10).fill(0x32));
    await clock.advance(500);
    expect(bus.collisions).toBeGreaterThan(0);
    expect(heard.slice(0, 800)).toEqual(new Array(800).fill(0x31));
    expect(heard.slice(800).every((byte) => byte === 0x31 || byte === 0x32)).toBe(false);
  });

  test("with 4 wires master and slave may speak at once, with 2 they may not", async () => {
    for (const duplex of ["full", "half"] as const) {
      const clock = new StageClock(nowMs);
      const bus = new Bus({ clock, baudRate: 9600, duplex });
      const { master, heard } = hearing(bus);
      const slave = bus.attach();
      slave.write(new Uint8Array(96).fill(0x31));
      master.write(new Uint8Array(96).fill(0x32));
      await clock.advance(200);
      expect(heard.every((byte) => byte === 0x31)).toBe(duplex === "full");
    }
  });
});

test("with 2 wires slaves hear each other, with 4 they do not; an echo comes where it is asked for", () => {
  const clock = new StageClock(nowMs);
  for (const duplex of ["full", "half"] as const) {
    const bus = new Bus({ clock, duplex, echo: duplex === "half" });
    const { master, heard } = hearing(bus);
    const overheard: number[] = [];
    const one = bus.attach();
    bus.attach().onBytes((bytes) => overheard.push(...bytes));
    master.write(ascii("ab"));
    one.write(ascii("cd"));
    expect(String.fromCharCode(...overheard)).toBe(duplex === "half" ? "abcd" : "ab");
    expect(String.fromCharCode(...heard)).toBe(duplex === "half" ? "abcd" : "cd");
  }
});

test("noise turns single bits over, as often as it was told, and the same ones for one seed", () => {
  const clock = new StageClock(nowMs);
  const run = (chunk: number) => {
    const bus = new Bus({ clock, flipsPerByte: 1e-3, seed: 7 });
    const { heard } = hearing(bus);
    const slave = bus.attach();
    for (let sent = 0; sent < 200_000; sent += chunk) slave.write(new Uint8Array(chunk));
    return { heard, flips: bus.flips };
  };
  const { heard, flips } = run(1000);
  const hit = heard.filter((byte) => byte !== 0);
  expect(hit).toHaveLength(flips);
  expect(hit.every((byte) => (byte & (byte - 1)) === 0)).toBe(true);
  // 200 expected; four standard deviations to each side.
  expect(flips).toBeGreaterThan(143);
  expect(flips).toBeLessThan(257);
  expect(run(250).heard).toEqual(heard);
});

test("a cut takes the slaves beyond it away, a short all of them", async () => {
  const clock = new StageClock(nowMs);
  const bus = new Bus({ clock });
  for (const serial of ["00000001", "00000002", "00000003"]) moduleOn(bus, clock, serial);
  const line = typist(bus.master());
  const answering = async () => {
    const found: number[] = [];
    for (const n of [1, 2, 3]) {
      line.send(`/?${n}!\r\n`);
      await clock.advance(50);
      if (line.seen() !== "") found.push(n);
    }
    return found;
  };
  bus.cut(1);
  expect(await answering()).toEqual([1]);
  bus.short();
  expect(await answering()).toEqual([]);
  bus.mend();
  expect(await answering()).toEqual([1, 2, 3]);
});

test("meters are called by device address, DLMS meters by their physical address", async () => {
  const clock = realLineClock;
  const bus = new Bus({ clock });
  attachMeter(bus, deviceOf(meterOf("iec-own")), clock, { address: "17" });
  attachMeter(bus, deviceOf(meterOf("iec-landis")), clock, { address: "18" });
  const line = typist(bus.master());
  line.send("/?17!\r\n");
  expect(line.seen()).toBe("/ENS5ESV-IEC1.0\r\n");
  line.send("/?18!\r\n");
  expect(line.seen()).toBe("/LGZ4ZMF100AC.M27\r\n");
  line.send("\x06000\r\n");
  // It kept its serial number, whatever its address.
  await until(() => line.seen().includes("C.1.0(70100042)"));

  const hdlc = new Bus({ clock });
  attachMeter(hdlc, deviceOf(meterOf("dlms-hdlc")), clock, { physical: 21 });
  attachMeter(hdlc, deviceOf(meterOf("dlms-hdlc")), clock, { physical: 22 });
  const { master, heard } = hearing(hdlc);
  const snrm = encodeFrame({
    destination: serverAddress(1, 22),
    source: clientAddress(16),
    control: { kind: "SNRM", final: true },
    information: new Uint8Array(0),
    segmented: false,
  });
  master.write(snrm);
  const [answer, ...more] = new FrameReader().push(Uint8Array.from(heard));
  expect(answer).toMatchObject({
    fcs: "good",
    source: { logical: 1, physical: 22 },
    control: { kind: "UA" },
  });
  expect(more).toEqual([]);
});

test("a bus behind a TCP port has the master that came last", async () => {
  const clock = realLineClock;
  const bus = new Bus({ clock });
  const state = newModuleState(8, [], Date.now());
  attachBlockDevice(bus, new LocalModule({ serial: "00000009", clock, calendar, state }), clock);
  const server = await listenBus(bus);
  try {
    const first = await dial(server.port);
    const second = await dial(server.port);
    let ended = false;
    first.onEnd(() => {
      ended = true;
    });
    await until(() => ended);
    second.write(ascii("/?9!\r\n"));
    await until(
      () => String.fromCharCode(...second.received).endsWith("\r\n") && second.received.length > 500,
    );
    expect(String.fromCharCode(...second.received)).toContain("0-0:96.1.0(00000009)");
  } finally {
    await server.close();
  }
});
