import { createRequire } from "node:module";
import { decodeReadout, encodeReadout } from "@energsys/protocols/iec62056-21";
import { atLeast, type BenchContext, type Metric, median } from "./bench.ts";
import { perSecond, sideBySide } from "./pace.ts";

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

/** Readouts of an ISKRA ME162 beside a public JavaScript library. */
export function measureReadouts({ log }: BenchContext): Metric[] {
  const messages = 20_000;
  const peer = readoutPeer();
  const { ours, theirs, ratio } = sideBySide(
    () =>
      perSecond(messages, () => {
        let sets = 0;
        for (let index = 0; index < messages; index++) sets += decodeReadout(readout).dataSets.length;
        if (sets !== messages * 9) throw new Error(`decoded ${sets} data sets`);
      }),
    () =>
      perSecond(messages, () => {
        let values = 0;
        for (let index = 0; index < messages; index++) values += peer(readout);
        if (values < messages * 8) throw new Error(`the peer decoded ${values} values`);
      }),
  );
  log(`readouts: ours ${Math.round(median(ours))}/s, smartmeter-obis ${Math.round(median(theirs))}/s`);
  return [
    { name: "IEC readout, ours", value: median(ours), unit: "messages/s" },
    { name: "IEC readout, smartmeter-obis 4", value: median(theirs), unit: "messages/s" },
    atLeast("IEC readout, ours to smartmeter-obis", ratio, "ratio", 4),
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
