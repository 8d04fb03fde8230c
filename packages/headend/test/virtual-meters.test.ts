import { connect, type Socket } from "node:net";
import { type DeviceReading, readDevice, realClock } from "@energsys/drivers";
import { type Peer, startPeer } from "@energsys/drivers/testing";
import { decodeApdu, encodeApdu } from "@energsys/protocols/dlms";
import { encodeWrapperFrame, takeWrapperFrame } from "@energsys/protocols/wrapper";
import { type MeterKind, type Simulator, startSimulator } from "@energsys/simulator";
import { afterAll, expect, test } from "vitest";
import { quick, zone } from "./town.ts";

// What no foreign peer speaks: the whole way from a URL to values, over real sockets, compared with the ledger of the meters. Both ends are
// ours, so this shows that the parts fit together and not that they are what the standard means.

const nowMs = Date.UTC(2026, 10, 10, 10, 7, 30);
const kinds: readonly MeterKind[] = [
  "dlms-ecdsa",
  "dlms-gmac",
  "dlms-hdlc",
  "dlms-udp",
  "dlms-wrapper",
  "iec-mode-e",
];
const town: Simulator = await startSimulator({
  points: 60,
  seed: 4,
  days: 30,
  zone,
  nowMs: () => nowMs,
  shares: Object.fromEntries(kinds.map((kind) => [kind, 1])),
});
const peers: Peer[] = [];
afterAll(async () => {
  for (const peer of peers) await peer.stop();
  await town.stop();
});

type Meter = Simulator["meters"][number];

interface Row {
  readonly name: string;
  readonly kind: MeterKind;
  readonly fits?: (meter: Meter) => boolean;
  /** Added to the URL of the inventory. */
  readonly more?: string;
  /** The URL tells the meter's system title. */
  readonly titled?: boolean;
  /** Stands between reader and meter: what it listens on. */
  readonly between?: (port: number) => Promise<Peer & { readonly seen: () => number }>;
}

const suite = (wanted: number) => (meter: Meter) =>
  meter.description.security?.suite === wanted && meter.description.framing === "wrapper";
const wrapper = (meter: Meter) => meter.description.framing === "wrapper";

/** Every frame passes, changed by what its direction is given; one function of its own for each connection. */
async function passing(
  port: number,
  change: () => {
    readonly up: (apdu: Uint8Array) => Uint8Array;
    readonly down: (apdu: Uint8Array) => Uint8Array;
  },
): Promise<Peer> {
  const peer = await startPeer((socket) => {
    const meter = connect({ host: "127.0.0.1", port });
    const { up, down } = change();
    const relay = (from: Socket, to: Socket, changed: (apdu: Uint8Array) => Uint8Array) => {
      let received: Uint8Array = new Uint8Array(0);
      from.on("data", (chunk: Uint8Array) => {
        received = new Uint8Array(Buffer.concat([received, chunk]));
        for (let taken = takeWrapperFrame(received); taken; taken = takeWrapperFrame(received)) {
          to.write(encodeWrapperFrame({ ...taken.frame, apdu: changed(taken.frame.apdu.slice()) }));
          received = received.slice(taken.end);
        }
      });
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
    };
    relay(socket, meter, down);
    relay(meter, socket, up);
  });
  peers.push(peer);
  return peer;
}

/** Each fifth block of an answer is lost: the one before comes in its place. */
async function losingBlocks(port: number) {
  let lost = 0;
  const peer = await passing(port, () => {
    let before: Uint8Array | undefined;
    let blocks = 0;
    return {
      down: (apdu) => apdu,
      up: (apdu) => {
        if (decodeApdu(apdu).kind !== "general-block-transfer") return apdu;
        blocks++;
        if (before && blocks % 5 === 0) {
          lost++;
          return before;
        }
        before = apdu;
        return apdu;
      },
    };
  });
  return { ...peer, seen: () => lost };
}

/** Takes the prefix of a gateway off a request, and puts it before the answer. */
async function gateway(port: number) {
  let requests = 0;
  const address = Uint8Array.of(0, 0, 0, 0x2a);
  const peer = await passing(port, () => ({
    down: (apdu) => {
      const request = decodeApdu(apdu);
      if (request.kind !== "gateway-request" || request.networkId !== 1) throw new Error(request.kind);
      expect(request.address).toEqual(address);
      requests++;
      return request.apdu;
    },
    up: (apdu) => encodeApdu({ kind: "gateway-response", networkId: 1, address, apdu }),
  }));
  return { ...peer, seen: () => requests };
}

const rows: readonly Row[] = [
  { name: "HLS 7 and suite 1", kind: "dlms-ecdsa", fits: suite(1) },
  { name: "HLS 7 and suite 1 with a dedicated key", kind: "dlms-ecdsa", fits: suite(1), more: "&form=ded" },
  { name: "HLS 7 and suite 2", kind: "dlms-ecdsa", fits: suite(2) },
  {
    name: "HLS 7 and suite 2 in the general form",
    kind: "dlms-ecdsa",
    fits: suite(2),
    more: "&form=general-glo",
  },
  {
    name: "HLS 7 and suite 2, general form, dedicated",
    kind: "dlms-ecdsa",
    fits: suite(2),
    more: "&form=general-ded",
  },
  {
    name: "HLS 7 behind HDLC",
    kind: "dlms-ecdsa",
    fits: ({ description }) => description.framing === "hdlc",
  },
  { name: "UDP", kind: "dlms-udp" },
  { name: "a gateway", kind: "dlms-wrapper", more: "&gateway=01:0000002A", between: gateway },
  {
    name: "a gateway and ciphering",
    kind: "dlms-gmac",
    fits: wrapper,
    more: "&gateway=01:0000002A",
    between: gateway,
  },
  { name: "general blocks", kind: "dlms-gmac", fits: wrapper, more: "&blocks=general&pdu=128" },
  {
    name: "general blocks that are lost",
    kind: "dlms-gmac",
    fits: wrapper,
    more: "&blocks=general&pdu=128",
    between: losingBlocks,
  },
  {
    name: "general blocks, dedicated key, HDLC",
    kind: "dlms-gmac",
    fits: ({ description }) => description.framing === "hdlc",
    more: "&blocks=general&pdu=200&form=ded&window=7",
  },
  {
    name: "an HDLC window of 7, segments both ways",
    kind: "dlms-hdlc",
    fits: ({ hdlc }) => hdlc.windowMax === 7,
    more: "&window=7&info=64",
  },
  {
    name: "an HDLC window of 3 of the 7 asked for",
    kind: "dlms-hdlc",
    fits: ({ hdlc }) => hdlc.windowMax === 3,
    more: "&window=7",
  },
  {
    name: "an association that stands",
    kind: "dlms-wrapper",
    fits: ({ description }) => description.password === "",
    more: "&client=101&established=yes",
  },
  {
    name: "an association that stands and ciphers",
    kind: "dlms-gmac",
    fits: wrapper,
    more: "&client=101&established=yes&auth=none&security=both&form=general-glo",
    titled: true,
  },
  { name: "mode E", kind: "iec-mode-e" },
  {
    name: "mode E with a window",
    kind: "iec-mode-e",
    fits: ({ hdlc }) => hdlc.windowMax > 1,
    more: "&window=7",
  },
];

const logFromMs = Date.UTC(2026, 9, 20);
const day = { fromMs: Date.UTC(2026, 10, 9, 0), toMs: Date.UTC(2026, 10, 9, 12) };

test.each(rows)(
  "$name: clock, registers, half a day of the profile and the log, equal to the ledger",
  async (row) => {
    const { kind, more = "", fits = () => true, between, titled } = row;
    const meter = town.meters.find((each) => each.description.kind === kind && fits(each)) as Meter;
    const { serial } = meter.description;
    const { device } = town.inventory.points.find((point) => point.meter.serial === serial)!;
    const port = Number(new URL(device.url).port);
    const middle = await between?.(port);
    const url = new URL(device.url);
    if (middle) url.port = String(middle.port);
    for (const [name, value] of new URLSearchParams(more + secretsOf(device)))
      url.searchParams.set(name, value);
    const title = meter.description.security?.systemTitle;
    if (titled && title) url.searchParams.set("metertitle", Buffer.from(title).toString("hex"));
    const segments = { sent: 0, received: 0 };
    const recorder = {
      sent(bytes: Uint8Array) {
        segments.sent += segmentsIn(bytes);
      },
      received(bytes: Uint8Array) {
        segments.received += segmentsIn(bytes);
      },
    };
    const reading = await readDevice(
      url.href,
      {
        zone,
        identity: device.identity,
        clock: true,
        registers: ["1-0:1.8.0*255", "1-0:3.8.0*255"],
        profiles: [day],
        events: { fromMs: logFromMs },
        objects: kind !== "dlms-udp",
      },
      { clock: realClock, limits: quick, recorder },
    );
    expectLedger(reading, serial);
    if (more.includes("info=64")) expect(Math.min(segments.sent, segments.received)).toBeGreaterThan(3);
    if (kind !== "dlms-udp") expect(reading.objects!.length).toBeGreaterThan(8);
    if (middle) expect(middle.seen()).toBeGreaterThan(3);
  },
);

/** HDLC frames that say that more of the message follows. */
const segmentsIn = (bytes: Uint8Array): number =>
  bytes.reduce((sum, byte, at) => sum + (byte === 0x7e && ((bytes[at + 1] ?? 0) & 0xf8) === 0xa8 ? 1 : 0), 0);

function secretsOf(device: Simulator["inventory"]["points"][number]["device"]): string {
  const { password, encryptionKey, authenticationKey, signingKey, meterPublicKey } = device;
  return Object.entries({
    password,
    ek: encryptionKey,
    ak: authenticationKey,
    sk: signingKey,
    pk: meterPublicKey,
  })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `&${name}=${value}`)
    .join("");
}

function expectLedger(reading: DeviceReading, serial: string): void {
  const meter = town.meters.find(({ description }) => description.serial === serial) as Meter;
  const { clockOffsetMs } = meter.description;
  for (const { obis, value } of reading.registers) {
    expect(Number(value)).toBe(town.ledger.register(serial, obis, nowMs + clockOffsetMs));
  }
  expect(reading.registers).toHaveLength(2);
  const happenings = town.ledger.events(serial, logFromMs, nowMs + clockOffsetMs);
  const seconds = (atMs: number) => Math.floor(atMs / 1000);
  expect(reading.events.map(({ atMs }) => seconds(atMs))).toEqual(
    happenings.map(({ atMs }) => seconds(atMs)),
  );
  expect(happenings.length).toBeGreaterThan(0);
  const [profile] = reading.profiles;
  const at = profile!.columns.findIndex(({ obis }) => obis.startsWith("1-0:1."));
  const { obis } = profile!.columns[at]!;
  const truth = town.truth(serial, obis, day.fromMs, day.toMs);
  expect(truth.startsMs.length).toBeGreaterThan(40);
  expect(profile!.startsMs).toEqual(truth.startsMs);
  const scale = 10 ** profile!.columns[at]!.scale;
  const expected = obis.startsWith("1-0:1.8.") ? truth.indexes : truth.energies;
  expect([...profile!.values[at]!].map((value) => value * scale)).toEqual([...expected]);
}
