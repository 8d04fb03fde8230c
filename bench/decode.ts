import { createRequire } from "node:module";
import { decodeProfileBuffer } from "@energsys/protocols/cosem";
import { decodeReadout, encodeReadout } from "@energsys/protocols/iec62056-21";
import { atLeast, type Bench, type BenchContext, type Metric, median } from "./bench.ts";

const runs = 7;

export const bench: Bench = {
  name: "decode",
  about: "decoders: readouts beside smartmeter-obis 4, a DLMS load profile beside a bare scan of its bytes",
  async run(context) {
    return { metrics: [...measureReadouts(context), ...measureProfile(context)] };
  },
};

/** A readout in the layout of an ISKRA ME162: nine data sets, its own values. */
const readout = encodeReadout({ manufacturer: "ISK", baudCharacter: "5", identification: "ME162-0033" }, [
  { address: "C.1.0", values: [{ value: "51620077" }] },
  { address: "0.0.0", values: [{ value: "51620077" }] },
  { address: "1.8.0", values: [{ value: "0018204.517", unit: "kWh" }] },
  { address: "1.8.1", values: [{ value: "0011870.203", unit: "kWh" }] },
  { address: "1.8.2", values: [{ value: "0006334.314", unit: "kWh" }] },
  { address: "2.8.0", values: [{ value: "0000091.060", unit: "kWh" }] },
  { address: "2.8.1", values: [{ value: "0000060.001", unit: "kWh" }] },
  { address: "2.8.2", values: [{ value: "0000031.059", unit: "kWh" }] },
  { address: "F.F", values: [{ value: "0000000" }] },
]);

function measureReadouts({ log }: BenchContext): Metric[] {
  const messages = 20_000;
  const peer = readoutPeer();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const mine = perSecond(messages, () => {
      let sets = 0;
      for (let index = 0; index < messages; index++) sets += decodeReadout(readout).dataSets.length;
      if (sets !== messages * 9) throw new Error(`decoded ${sets} data sets`);
    });
    const other = perSecond(messages, () => {
      let values = 0;
      for (let index = 0; index < messages; index++) values += peer(readout);
      if (values < messages * 8) throw new Error(`the peer decoded ${values} values`);
    });
    if (run > 0) {
      ours.push(mine);
      theirs.push(other);
    }
  }
  const ratio = median(ours.map((mine, index) => mine / (theirs[index] as number)));
  log(`readouts: ours ${Math.round(median(ours))}/s, smartmeter-obis ${Math.round(median(theirs))}/s`);
  return [
    { name: "IEC readout, ours", value: median(ours), unit: "messages/s" },
    { name: "IEC readout, smartmeter-obis 4", value: median(theirs), unit: "messages/s" },
    atLeast("IEC readout, ours to smartmeter-obis", ratio, "ratio", 2),
  ];
}

/** The peer's own decoder, driven as its transports do: sign-on answer first, then the data message. */
function readoutPeer(): (bytes: Uint8Array) => number {
  interface Decoder {
    initState(): void;
    checkMessage(message: Buffer): unknown;
    handleMessage(message: Buffer): Buffer | null | undefined;
  }
  type DecoderClass = new (options: object, store: (error: unknown, result: object) => void) => Decoder;
  const Decoder: DecoderClass = createRequire(import.meta.url)("smartmeter-obis/lib/protocols/D0Protocol.js");
  let values = 0;
  const decoder = new Decoder({ debug: 0, logger: () => {}, obisNameLanguage: "en" }, (error, result) => {
    if (error) throw error;
    values = Object.keys(result).length;
  });
  return (bytes) => {
    values = 0;
    decoder.initState();
    let rest: Buffer | null | undefined = Buffer.from(bytes);
    for (let step = 0; step < 2 && rest && decoder.checkMessage(rest); step++)
      rest = decoder.handleMessage(rest);
    return values;
  };
}

const profileRows = 2976;

/** A month of quarter-hours: stamp, status, two registers; the bytes of attribute 2 of a load profile. */
function profileBytes(): Uint8Array {
  const rowLength = 2 + 14 + 2 + 5 + 5;
  const bytes = new Uint8Array(4 + profileRows * rowLength);
  bytes.set([0x01, 0x82, profileRows >> 8, profileRows & 0xff]);
  const view = new DataView(bytes.buffer);
  const first = Temporal.ZonedDateTime.from("2026-01-01T00:15:00+02:00[Europe/Bucharest]");
  let [imported, exported] = [12_345_678, 4_321];
  for (let row = 0; row < profileRows; row++) {
    const at = 4 + row * rowLength;
    const stamp = first.add({ minutes: 15 * row });
    bytes.set([0x02, 0x04, 0x09, 0x0c], at);
    view.setUint16(at + 4, stamp.year);
    bytes.set([stamp.month, stamp.day, stamp.dayOfWeek, stamp.hour, stamp.minute, 0, 0], at + 6);
    view.setInt16(at + 13, -120);
    bytes.set([0x00, 0x11, 0x00, 0x06], at + 15);
    imported += 50 + ((row * 37) % 400);
    exported += row % 3;
    view.setUint32(at + 19, imported);
    bytes[at + 23] = 0x06;
    view.setUint32(at + 24, exported);
  }
  return bytes;
}

function measureProfile({ log }: BenchContext): Metric[] {
  const bytes = profileBytes();
  const columns = [
    { classId: 8, attribute: 2 },
    { classId: 1, attribute: 2 },
    { classId: 3, attribute: 2 },
    { classId: 3, attribute: 2 },
  ];
  const options = { columns, periodSeconds: 900 };
  const repeats = 200;
  const rates: number[] = [];
  const scans: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const rate = perSecond(repeats * profileRows, () => {
      for (let index = 0; index < repeats; index++) {
        if (decodeProfileBuffer(bytes, options).rows !== profileRows) throw new Error("rows are missing");
      }
    });
    let seen = 0;
    const scan = perSecond(repeats * profileRows, () => {
      for (let index = 0; index < repeats; index++)
        for (let at = 0; at < bytes.length; at++) seen ^= bytes[at] as number;
    });
    if (seen < 0) throw new Error("unreachable: the scan must not be optimised away");
    if (run > 0) {
      rates.push(rate);
      scans.push(scan);
    }
  }
  log(`profile of ${profileRows} x 4: ${(median(rates) / 1e6).toFixed(1)} M rows/s, ${bytes.length} bytes`);
  const ratio = median(rates.map((rate, index) => rate / (scans[index] as number)));
  return [
    atLeast("DLMS load profile 2,976 x 4", median(rates), "rows/s", 2_000_000),
    { name: "DLMS load profile, to a bare scan of its bytes", value: ratio, unit: "ratio" },
  ];
}

function perSecond(count: number, work: () => void): number {
  const start = performance.now();
  work();
  return (count * 1000) / (performance.now() - start);
}
