import { decodeProfileBuffer } from "@energsys/protocols/cosem";
import { atLeast, type BenchContext, type Metric, median } from "./bench.ts";
import { peerRate } from "./decode-peer.ts";
import { perSecond, sideBySide } from "./pace.ts";

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

/** A month of quarter-hours straight from the bytes, beside a bare scan and, when there is one, a peer. */
export async function measureProfile({ log, peer }: BenchContext): Promise<Metric[]> {
  const bytes = profileBytes();
  const columns = [
    { classId: 8, attribute: 2 },
    { classId: 1, attribute: 2 },
    { classId: 3, attribute: 2 },
    { classId: 3, attribute: 2 },
  ];
  const options = { columns, periodSeconds: 900 };
  const repeats = 200;
  let seen = 0;
  const { ours, ratio } = sideBySide(
    () =>
      perSecond(repeats * profileRows, () => {
        for (let index = 0; index < repeats; index++) {
          if (decodeProfileBuffer(bytes, options).rows !== profileRows) throw new Error("rows are missing");
        }
      }),
    () =>
      perSecond(repeats * profileRows, () => {
        for (let index = 0; index < repeats; index++)
          for (let at = 0; at < bytes.length; at++) seen ^= bytes[at] as number;
      }),
  );
  if (seen < 0) throw new Error("unreachable: the scan must not be optimised away");
  log(`profile of ${profileRows} x 4: ${(median(ours) / 1e6).toFixed(1)} M rows/s, ${bytes.length} bytes`);
  const own = atLeast("DLMS load profile 2,976 x 4", median(ours), "rows/s", 5_000_000);
  const scanned = { name: "DLMS load profile, to a bare scan of its bytes", value: ratio, unit: "ratio" };
  if (peer === undefined) return [own, scanned];
  const theirs = await peerRate(peer, bytes, profileRows);
  log(`profile, peer: ${(theirs / 1e6).toFixed(1)} M rows/s`);
  return [
    own,
    scanned,
    { name: "DLMS load profile, peer", value: theirs, unit: "rows/s" },
    atLeast("DLMS load profile, ours to the peer", median(ours) / theirs, "ratio", 1),
  ];
}
