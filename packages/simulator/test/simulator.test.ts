import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DlmsClient, data, decodeApdu, textOf } from "@energsys/protocols/dlms";
import { HdlcLink } from "@energsys/protocols/hdlc";
import { IecReader } from "@energsys/protocols/iec62056-21";
import { takeWrapperFrame, WrapperDatagramLink, WrapperLink } from "@energsys/protocols/wrapper";
import { afterEach, describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import {
  type InventoryPoint,
  type MeterKind,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../src/index.ts";
import { ascii, bytesOf, dial, hexOf, nowMs, realClock, slotMs, until } from "./support.ts";

const started: Simulator[] = [];
const folders: string[] = [];
async function start(options: SimulatorOptions): Promise<Simulator> {
  const simulator = await startSimulator({ days: 3, nowMs: () => nowMs, ...options });
  started.push(simulator);
  return simulator;
}
afterEach(async () => {
  for (const simulator of started.splice(0)) await simulator.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "energsys-simulator-"));
  folders.push(made);
  return made;
}

/** The limits of this process, where the system tells them. */
function limits(): string {
  return existsSync("/proc/self/limits") ? readFileSync("/proc/self/limits", "utf8") : "";
}

const portOf = ({ device }: InventoryPoint) => Number(new URL(device.url).port);
const register = (obis: string) => ({ classId: 3, obis, attribute: 2 });
const profile = { classId: 7, obis: "1-0:99.1.0*255", attribute: 2 };

async function associate(point: InventoryPoint): Promise<DlmsClient> {
  const url = new URL(point.device.url);
  const stream = await dial(Number(url.port));
  const options = { client: Number(url.searchParams.get("client")), server: 1, responseTimeoutMs: 2000 };
  const link =
    url.protocol === "dlms+tcp:"
      ? new WrapperLink(stream, realClock, options)
      : new HdlcLink(stream, realClock, options);
  const { password } = point.device;
  return DlmsClient.associate(link, {
    authentication: password === undefined ? { kind: "none" } : { kind: "low", password: ascii(password) },
  });
}

describe("a town", () => {
  test.each([
    ["dlms-wrapper", /^dlms\+tcp:/],
    ["dlms-hdlc", /^dlms\+hdlc\+tcp:/],
  ] as const)("of %s meters is read by our own client, equal to the ledger", async (kind, url) => {
    const town = await start({ points: 12, seed: 3, shares: { [kind]: 1 } });
    for (const point of town.inventory.points) {
      expect(point.device.url).toMatch(url);
      const client = await associate(point);
      const name = await client.get({ classId: 1, obis: "0-0:42.0.0*255", attribute: 2 });
      expect(name.ok && textOf(name.data)).toBe(point.device.identity);
      const { serial } = point.meter;
      const meter = town.meters.find(({ description }) => description.serial === serial)!;
      const value = await client.get(register("1-0:1.8.0*255"));
      expect(value).toEqual({
        ok: true,
        data: data.uint32(town.ledger.register(serial, "1.8.0", meter.now())),
      });
      const buffer = await client.get(profile);
      const rows = buffer.ok && buffer.data.type === "array" ? buffer.data.items : [];
      const { lastEndMs, firstEndMs } = meter.profileWindow();
      const truth = town.truth(serial, "1.8.0", firstEndMs - slotMs, lastEndMs);
      expect(rows).toHaveLength(truth.startsMs.length);
      const last = rows.at(-1);
      const cell = last?.type === "structure" ? last.items[2] : undefined;
      const expected = meter.description.profile.columns === "index" ? truth.indexes : truth.energies;
      // A meter with null-data may leave out a value that did not change.
      if (cell?.type !== "null") expect(cell).toEqual(data.uint32(expected.at(-1)!));
      await client.release();
    }
  });

  test("of meters over UDP is read by our own client", async () => {
    const town = await start({ points: 3, seed: 3, shares: { "dlms-udp": 1 } });
    for (const point of town.inventory.points) {
      const url = new URL(point.device.url);
      expect(url.protocol).toBe("dlms+udp:");
      const socket = createSocket("udp4");
      const link = new WrapperDatagramLink(
        {
          send: (datagram) => socket.send(datagram, Number(url.port), "127.0.0.1"),
          onDatagram: (listener) => void socket.on("message", listener),
          onEnd: (listener) => void socket.on("close", () => listener()),
          close: () => void socket.close(),
        },
        realClock,
        { client: Number(url.searchParams.get("client")), server: 1, responseTimeoutMs: 2000 },
      );
      const { password } = point.device;
      const client = await DlmsClient.associate(link, {
        authentication:
          password === undefined ? { kind: "none" } : { kind: "low", password: ascii(password) },
        maxReceivePduLength: 1024,
      });
      const meter = town.meters.find(({ description }) => description.serial === point.meter.serial)!;
      expect(await client.get(register("1-0:1.8.0*255"))).toEqual({
        ok: true,
        data: data.uint32(town.ledger.register(point.meter.serial, "1.8.0", meter.now())),
      });
      expect(await client.get(profile)).toMatchObject({ ok: true });
      await client.release();
    }
  });

  const shownDigits: Partial<Record<MeterKind, number>> = { "iec-landis": 6, "iec-lcd": 6, "iec-elster": 8 };
  const demands: readonly MeterKind[] = ["iec-landis", "iec-elster"];

  test.each(["iec-own", "iec-iskra", "iec-landis", "iec-lcd", "iec-iskra-mt", "iec-elster"] as const)(
    "of %s meters is read by our own reader",
    async (kind) => {
      const town = await start({ points: 4, shares: { [kind]: 1 } });
      for (const point of town.inventory.points) {
        const stream = await dial(portOf(point));
        const reader = new IecReader(stream, realClock, {});
        await reader.signOn({ address: point.meter.serial });
        const readout = await reader.readout();
        expect(readout.check).toEqual({ bcc: "good" });
        const value = readout.dataSets.find(({ address }) => address === "1.8.0")?.values[0];
        const meter = town.meters.find(({ description }) => description.serial === point.meter.serial)!;
        const wh = town.ledger.register(point.meter.serial, "1.8.0", meter.now());
        expect(Math.round(Number(value?.value) * 1000)).toBe(wh % 10 ** (3 + (shownDigits[kind] ?? 7)));
        await reader.signOn({ address: point.meter.serial });
        const { password } = point.device;
        await reader.enterProgramming(password === undefined ? {} : { password });
        const curve = await reader.read("R5", "P.01", ";");
        if (["iec-iskra", "iec-lcd", "iec-iskra-mt"].includes(kind)) {
          expect(curve.error).toBe("ERROR");
        } else {
          const rows = curve.dataSets.filter(({ address }) => address === "");
          expect(curve.check).toEqual({ bcc: "good" });
          expect(rows).toHaveLength(meter.rowsInUse());
          const truth = town.truth(point.meter.serial, "1.8.0", nowMs - 7_200_000, nowMs);
          const shown = Number(rows.at(-1)?.values[0]?.value) * (demands.includes(kind) ? 250 : 1000);
          expect(Math.round(shown)).toBe(truth.energies.at(-1));
        }
        await reader.close();
        stream.close();
      }
    },
  );

  test("of one seed is the same town with the same bytes, of another seed another", async () => {
    const describeTown = (town: Simulator) =>
      town.inventory.points.map((point) => ({ ...point, device: { ...point.device, url: "" } }));
    const [a, b, c] = [
      await start({ points: 30 }),
      await start({ points: 30 }),
      await start({ points: 30, seed: 2 }),
    ];
    expect(describeTown(a!)).toEqual(describeTown(b!));
    expect(describeTown(a!)).not.toEqual(describeTown(c!));
    const identities = (town: Simulator) => town.inventory.points.map(({ device }) => device.identity);
    expect(identities(a!).filter((identity) => identities(c!).includes(identity))).toEqual([]);
    const wrapped = (town: Simulator) =>
      town.inventory.points.find(({ device }) => device.url.startsWith("dlms+tcp"))!;
    const talk = async (town: Simulator) => {
      const stream = await dial(portOf(wrapped(town)));
      stream.write(bytesOf("000100100001001f601da109060760857405080101be10040e01000000065f1f0400401e5dffff"));
      stream.write(bytesOf("000100100001000DC001C100080000010000FF0200"));
      await until(() => stream.received.length > 60);
      stream.close();
      return hexOf(Uint8Array.from(stream.received));
    };
    expect(await talk(a!)).toBe(await talk(b!));
  });

  test("of a hundred is the beginning of the town of a thousand", async () => {
    const small = await start({ points: 10 });
    const large = await start({ points: 100 });
    const names = (town: Simulator) =>
      town.inventory.points.map(({ pod, name, meter }) => [pod, name, meter.serial]);
    expect(names(large).slice(0, 10)).toEqual(names(small));
  });

  test("has unique points, serial numbers and identities, Romanian letters and every kind of meter", async () => {
    const { inventory, meters } = await start({ points: 400 });
    const unique = (values: string[]) => new Set(values).size;
    expect(unique(inventory.points.map(({ pod }) => pod))).toBe(400);
    expect(unique(inventory.points.map(({ meter }) => meter.serial))).toBe(400);
    expect(unique(inventory.points.map(({ device }) => device.identity))).toBe(400);
    expect(inventory.points.every(({ pod }) => /^RO005E\d{9}$/.test(pod))).toBe(true);
    const text = JSON.stringify(inventory);
    for (const letter of "ășțâîȘȚÎ") expect(text).toContain(letter);
    expect(text).not.toMatch(/[şţŞŢ]/); // with comma below, never with cedilla
    expect(new Set(meters.map(({ description }) => description.kind))).toEqual(
      new Set(["dlms-wrapper", "dlms-hdlc", "iec-own", "iec-iskra", "iec-landis"]),
    );
    expect(inventory.points.some(({ ctRatio }) => ctRatio !== undefined)).toBe(true);
    expect(new Set(inventory.points.map(({ phases }) => phases))).toEqual(new Set([1, 3]));
    expect(inventory.branches.length).toBe(7);
    const paths = inventory.branches.map(({ path }) => path.join("/"));
    expect(inventory.points.every(({ branch }) => paths.includes(branch.join("/")))).toBe(true);
  });

  test("asks of no supply more than its meter carries and hardly ever more than was approved", async () => {
    const { inventory, meters } = await start({ points: 300 });
    let overApproved = 0;
    inventory.points.forEach(({ phases, meter, ctRatio, approvedPowerW }, index) => {
      for (const fromMs of [Date.UTC(2026, 0, 5), Date.UTC(2026, 6, 6)]) {
        const { importWh, exportWh } = meters[index]!.rowsBetween(fromMs, fromMs + 14 * 86_400_000);
        const peakW = Math.max(...importWh, ...exportWh) * 4;
        expect(peakW, meter.serial).toBeLessThan(phases * 230 * (meter.maxCurrentA ?? 0));
        if (peakW * Number(ctRatio ?? 1) > (approvedPowerW ?? 0)) overApproved += 1;
      }
    });
    expect(overApproved).toBeLessThan(3);
  });

  // Each meter is an open file; some machines allow fewer.
  const filesMax = /Max open files\s+\S+\s+(\d+)/.exec(limits())?.[1];
  test.skipIf(Number(filesMax ?? 1e6) < 5200)(
    "of 5000 meters starts in one process, answers and stops",
    async () => {
      const town = await start({ points: 5000, shares: { "iec-own": 1, "dlms-wrapper": 2 } });
      expect(town.inventory.points).toHaveLength(5000);
      for (const index of [0, 1234, 2500, 4999]) {
        const point = town.inventory.points[index]!;
        const stream = await dial(portOf(point));
        stream.write(
          point.device.url.startsWith("iec")
            ? ascii(`/?${point.meter.serial}!\r\n`)
            : bytesOf("000100100001001f601da109060760857405080101be10040e01000000065f1f0400401e5dffff"),
        );
        await until(() => stream.received.length > 10);
        stream.close();
      }
      await town.stop();
      await expect(dial(portOf(town.inventory.points[0]!))).rejects.toMatchObject({ code: "ECONNREFUSED" });
    },
  );

  test("drops the older of two connections to one meter", async () => {
    const town = await start({ points: 1, shares: { "iec-own": 1 } });
    const port = portOf(town.inventory.points[0]!);
    const older = await dial(port);
    let ended = false;
    older.onEnd(() => {
      ended = true;
    });
    const newer = await dial(port);
    await until(() => ended);
    newer.write(ascii("/?!\r\n"));
    await until(() => newer.received.length > 5);
    newer.close();
  });
});

describe("starting", () => {
  test("on a used port says which, and leaves nothing open", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await until(() => other.listening);
    const { port } = other.address() as AddressInfo;
    try {
      await expect(startSimulator({ points: 3, basePort: port - 1 })).rejects.toMatchObject({
        code: "simulator.port-used",
        message: expect.stringContaining(String(port)),
      });
      await expect(dial(port - 1)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    } finally {
      other.close();
    }
  });

  test.each([
    [{ points: 0 }, "points"],
    [{ points: 5001 }, "points"],
    [{ days: 0 }, "days"],
    [{ points: 10, basePort: 65_530 }, "base port"],
  ])("with %j is refused", async (options, word) => {
    await expect(startSimulator(options)).rejects.toMatchObject({
      code: "simulator.option-invalid",
      message: expect.stringContaining(word),
    });
  });

  test("writes the inventory whole and for its owner only, or says that it cannot", async () => {
    const file = join(folder(), "town.json");
    const town = await start({ points: 5, inventoryFile: file });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(town.inventory);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readdirSync(join(file, ".."))).toEqual(["town.json"]);
    await expect(
      startSimulator({ points: 1, inventoryFile: join(folder(), "none", "town.json") }),
    ).rejects.toMatchObject({
      code: "simulator.inventory-unwritable",
    });
  });

  test("reads its flags and lists everything that is wrong with them", () => {
    const { options } = readConfig(
      [
        "--points",
        "60",
        "--seed",
        "9",
        "--call-in",
        "127.0.0.1:4059",
        "--share-call-in",
        "0.5",
        "--kinds",
        "iec-own=3",
      ],
      { ENERGSYS_ZONE: "Europe/Berlin" },
    );
    expect(options).toMatchObject({
      points: 60,
      seed: 9,
      days: 30,
      zone: "Europe/Berlin",
      callIn: { host: "127.0.0.1", port: 4059, share: 0.5 },
      shares: { "iec-own": 3 },
    });
    expect(() => readConfig(["--points", "many", "--days", "0", "--zone", "Mars/Base"], {})).toThrowError(
      expect.objectContaining({
        code: "simulator.option-invalid",
        message: expect.stringMatching(/points.*days.*zone/),
      }),
    );
    expect(() => readConfig(["--bogus", "1"], {})).toThrowError(
      expect.objectContaining({ code: "simulator.option-invalid" }),
    );
  });

  test("refuses a fault plan that it does not understand", () => {
    const file = join(folder(), "faults.json");
    for (const text of ["{", '{"meters":{"1":{"kind":"melts"}}}', '{"shares":{"dead":2}}']) {
      writeFileSync(file, text);
      expect(() => readConfig(["--faults", file], {})).toThrowError(
        expect.objectContaining({ code: "simulator.faults-invalid" }),
      );
    }
    writeFileSync(file, '{"meters":{"70100003":{"kind":"late","delayMs":9000}},"shares":{"dead":0.1}}');
    expect(readConfig(["--faults", file], {}).options.faults?.meters).toEqual({
      "70100003": { kind: "late", delayMs: 9000 },
    });
  });
});

describe("faults", () => {
  const one = { points: 2, shares: { "dlms-wrapper": 1 } } as const;
  const aarq = bytesOf("000100100001001f601da109060760857405080101be10040e01000000065f1f0400401e5dffff");
  const getClock = bytesOf("000100100001000DC001C100080000010000FF0200");
  const serial = "70100001";
  const faulty = async (options: SimulatorOptions) => {
    const town = await start(options);
    return { town, point: town.inventory.points[1]! };
  };
  const answered = (stream: Awaited<ReturnType<typeof dial>>) => hexOf(Uint8Array.from(stream.received));

  test("a dead meter accepts and says nothing", async () => {
    const { town, point } = await faulty({ ...one, faults: { meters: { [serial]: { kind: "dead" } } } });
    const stream = await dial(portOf(point));
    stream.write(aarq);
    const healthy = await dial(portOf(town.inventory.points[0]!));
    healthy.write(aarq);
    await until(() => healthy.received.length > 20);
    expect(stream.received).toEqual([]);
    healthy.close();
    stream.close();
  });

  test("one that stops sends half of an answer and then nothing", async () => {
    const { point } = await faulty({ ...one, faults: { meters: { [serial]: { kind: "stops", from: 2 } } } });
    const stream = await dial(portOf(point));
    for (const request of [aarq, getClock, getClock]) stream.write(request);
    await until(() => stream.received.length > 51);
    expect(stream.received).toHaveLength(51 + 13);
    stream.close();
  });

  test("one that drops closes in the middle of an answer, and takes the next connection", async () => {
    const { point } = await faulty({ ...one, faults: { meters: { [serial]: { kind: "drops", from: 2 } } } });
    for (const _ of [1, 2]) {
      const stream = await dial(portOf(point));
      let ended = false;
      stream.onEnd(() => {
        ended = true;
      });
      stream.write(aarq);
      stream.write(getClock);
      await until(() => ended);
      expect(stream.received).toHaveLength(51 + 13);
    }
  });

  test("one that is late answers after the reader gave up", async () => {
    const faults = { meters: { [serial]: { kind: "late", from: 2, delayMs: 400 } } } as const;
    const { point } = await faulty({ ...one, faults });
    const stream = await dial(portOf(point));
    const link = new WrapperLink(stream, realClock, { client: 16, server: 1, responseTimeoutMs: 100 });
    const client = await DlmsClient.associate(link, { authentication: { kind: "none" } });
    await expect(client.get(register("1-0:1.8.0*255"))).rejects.toMatchObject({ code: "link.timeout" });
  });

  test.each([
    ["dlms-hdlc", "7EA0070321930F017E"],
    ["iec-iskra", Buffer.from("/?!\r\n").toString("hex")],
  ] as const)("one with garbage on a %s line sends noise first", async (kind, request) => {
    const faults = { shares: { garbage: 1 } };
    const { point } = await faulty({ points: 2, shares: { [kind]: 1 }, faults });
    const stream = await dial(portOf(point));
    stream.write(bytesOf(request));
    await until(() => stream.received.length > 10);
    expect(answered(stream)).toMatch(/^7f00ff7f/);
    stream.close();
  });

  test("a wrong check is noticed and asked for again, and the values are right in the end", async () => {
    const town = await start({
      points: 2,
      shares: { "iec-own": 1 },
      faults: { shares: { "bad-check": 1 } },
    });
    const point = town.inventory.points[0]!;
    const stream = await dial(portOf(point));
    const reader = new IecReader(stream, realClock, {});
    await reader.signOn({ address: point.meter.serial });
    const readout = await reader.readout();
    expect(readout.check).toEqual({ bcc: "good" });
    expect(asReceived(stream).match(/1\.8\.0\(/g)).toHaveLength(2);
    stream.close();
    const hdlc = await start({
      points: 1,
      shares: { "dlms-hdlc": 1 },
      faults: { shares: { "bad-check": 1 } },
    });
    const client = await associate(hdlc.inventory.points[0]!);
    const meter = hdlc.meters[0]!;
    const clock = await client.get({ classId: 8, obis: "0-0:1.0.0*255", attribute: 2 });
    expect(clock.ok && clock.data.type === "octet-string" && clock.data.bytes[7]).toBe(
      meter.local(meter.now()).second,
    );
    await client.release();
  });
  const asReceived = (stream: Awaited<ReturnType<typeof dial>>) =>
    Buffer.from(stream.received).toString("latin1");

  test("a slow meter sends its answers in crumbs and loses nothing", async () => {
    const { point, town } = await faulty({ ...one, faults: { shares: { slow: 1 } } });
    const client = await associate(point);
    const value = await client.get(register("1-0:1.8.0*255"));
    const meter = town.meters[1]!;
    expect(value).toEqual({ ok: true, data: data.uint32(meter.registersAt(meter.now()).importWh) });
    await client.release();
  });

  test("one without a port refuses", async () => {
    const { point } = await faulty({ ...one, faults: { meters: { [serial]: { kind: "refuses" } } } });
    await expect(dial(portOf(point))).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("one with a wrong identity claims to be another, in name and serial number", async () => {
    const faults = { meters: { [serial]: { kind: "identity", as: "70100000" } } } as const;
    const { point, town } = await faulty({ ...one, faults });
    const client = await associate({ ...point, device: { ...point.device } });
    const name = await client.get({ classId: 1, obis: "0-0:42.0.0*255", attribute: 2 });
    expect(name.ok && textOf(name.data)).toBe(town.inventory.points[0]?.device.identity);
    expect(point.device.identity).not.toBe(town.inventory.points[0]?.device.identity);
    await client.release();
  });
});

describe("calling in", () => {
  /** A head-end's listener that keeps its connections. */
  async function listener() {
    const sockets: { socket: Socket; received: number[] }[] = [];
    const server = createServer((socket) => {
      const entry = { socket, received: [] as number[] };
      socket.on("data", (chunk: Uint8Array) => entry.received.push(...chunk));
      socket.on("error", () => undefined);
      sockets.push(entry);
    }).listen(0, "127.0.0.1");
    await until(() => server.listening);
    return { server, sockets, port: (server.address() as AddressInfo).port };
  }
  const shares = { "dlms-wrapper": 1 } as const;
  const identityIn = (received: number[]) => {
    const frame = takeWrapperFrame(Uint8Array.from(received))?.frame;
    const apdu = frame && decodeApdu(frame.apdu);
    if (apdu?.kind !== "data-notification" || apdu.body.type !== "structure") return undefined;
    return textOf(apdu.body.items[1]!);
  };

  test("a meter announces its logical device name and answers on the same connection", async () => {
    const { server, sockets, port } = await listener();
    const town = await start({
      points: 3,
      shares,
      callIn: { host: "127.0.0.1", port, share: 1, spreadMs: 0 },
      nowMs: Date.now,
    });
    expect(town.inventory.points.every(({ device }) => device.direction === "call-in")).toBe(true);
    expect(town.inventory.points[0]?.device.url).toMatch(/^dlms\+tcp:\/\/\?client=/);
    await until(() => sockets.length === 3 && sockets.every(({ received }) => received.length > 30));
    const identities = sockets.map(({ received }) => identityIn(received)).sort();
    expect(identities).toEqual(town.inventory.points.map(({ device }) => device.identity).sort());
    const { socket, received } = sockets[0]!;
    received.length = 0;
    socket.write(bytesOf("000100100001001f601da109060760857405080101be10040e01000000065f1f0400401e5dffff"));
    await until(() => hexOf(Uint8Array.from(received)).includes("6129a109060760857405080101"));
    server.close();
    for (const { socket } of sockets) socket.destroy();
  });

  test("a meter with logs tells at once that its relay moved", async () => {
    const { server, sockets, port } = await listener();
    const town = await start({
      points: 6,
      shares: { "dlms-high": 1 },
      callIn: { host: "127.0.0.1", port, share: 1, spreadMs: 0 },
      nowMs: Date.now,
    });
    const calling = town.inventory.points.filter(({ device }) => device.direction === "call-in");
    await until(
      () => sockets.length === calling.length && sockets.every(({ received }) => received.length > 30),
    );
    const serials = calling.map(({ meter }) => meter.serial);
    const meter = town.meters.find(
      ({ description }) => serials.includes(description.serial) && description.relayMode !== undefined,
    )!;
    const { received } = sockets.find((entry) => identityIn(entry.received) === meter.description.identity)!;
    received.length = 0;
    meter.switchRelay("remote", "disconnect");
    await until(() => received.length > 8);
    const apdu = decodeApdu(takeWrapperFrame(Uint8Array.from(received))!.frame.apdu);
    expect(apdu).toMatchObject({
      kind: "event-notification",
      attribute: { classId: 1, obis: "0-0:96.11.2*255", attribute: 2 },
      data: { type: "uint8", value: 62 },
    });
    server.close();
    for (const { socket } of sockets) socket.destroy();
  });

  test("it calls again after a loss, and announces itself again after silence", async () => {
    const { server, sockets, port } = await listener();
    await start({
      points: 1,
      shares,
      callIn: { host: "127.0.0.1", port, share: 1, spreadMs: 0, heartbeatMs: 300 },
      nowMs: Date.now,
    });
    await until(() => sockets.length === 1 && sockets[0]!.received.length > 100);
    const first = takeWrapperFrame(Uint8Array.from(sockets[0]!.received))!;
    expect(identityIn(sockets[0]!.received.slice(first.end))).toMatch(/^ENS/);
    sockets[0]!.socket.destroy();
    await until(() => sockets.length === 2 && identityIn(sockets[1]!.received));
    server.close();
    for (const { socket } of sockets) socket.destroy();
  });

  test("two devices with one identity both announce it", async () => {
    const { server, sockets, port } = await listener();
    const town = await start({
      points: 2,
      shares,
      faults: { meters: { "70100001": { kind: "identity", as: "70100000" } } },
      callIn: { host: "127.0.0.1", port, share: 1, spreadMs: 0 },
      nowMs: Date.now,
    });
    await until(() => sockets.length === 2 && sockets.every(({ received }) => received.length > 30));
    const claimed = town.inventory.points[0]?.device.identity;
    expect(sockets.map(({ received }) => identityIn(received))).toEqual([claimed, claimed]);
    server.close();
    for (const { socket } of sockets) socket.destroy();
  });
});
