import { clientAddress, encodeFrame, FrameReader, serverAddress } from "@energsys/protocols/hdlc";
import { atLeast, type BenchContext, type Metric, median } from "./bench.ts";
import { perSecond, sideBySide } from "./pace.ts";

const informationLength = 128;
const framesAtOnce = 2_000;
const rounds = 50;
/** What TCP hands over at once. */
const segmentLength = 1_460;

/** Frames of the usual size out of a received stream, HCS and FCS checked, beside one bare table-driven loop over the same bytes. */
export function measureHdlc({ log }: BenchContext): Metric[] {
  const stream = frames();
  const { ours, theirs, ratio } = sideBySide(
    () => perSecond(stream.length * rounds, () => repeat(() => takeAll(stream))),
    () => perSecond(stream.length * rounds, () => repeat(() => scan(stream))),
  );
  log(
    `HDLC: ${(median(ours) / 1e6).toFixed(0)} MB/s, a bare FCS loop ${(median(theirs) / 1e6).toFixed(0)} MB/s`,
  );
  return [
    { name: "HDLC frames of 128 bytes, both checks", value: median(ours), unit: "bytes/s" },
    atLeast("HDLC, to a bare table-driven FCS loop", ratio, "ratio", 0.7),
  ];
}

function frames(): Uint8Array {
  const parts = Array.from({ length: framesAtOnce }, (_, index) =>
    encodeFrame({
      destination: clientAddress(16),
      source: serverAddress(1, 17),
      control: { kind: "I", sending: index % 8, receiving: 0, final: true },
      segmented: false,
      information: Uint8Array.from({ length: informationLength }, (__, at) => (at * 31 + index * 7) & 0xff),
    }),
  );
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function takeAll(stream: Uint8Array): void {
  const reader = new FrameReader();
  let good = 0;
  for (let at = 0; at < stream.length; at += segmentLength) {
    for (const { fcs, information } of reader.push(stream.subarray(at, at + segmentLength)))
      if (fcs === "good" && information.length === informationLength) good++;
  }
  if (good !== framesAtOnce) throw new Error(`took ${good} frames`);
}

const table = Uint16Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x8408 : value >>> 1;
  return value;
});

function scan(bytes: Uint8Array): void {
  let crc = 0xffff;
  for (let at = 0; at < bytes.length; at++)
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] as number)) & 0xff] as number);
  if (crc < 0) throw new Error("unreachable: the scan must not be optimised away");
}

function repeat(work: () => void): void {
  for (let round = 0; round < rounds; round++) work();
}
