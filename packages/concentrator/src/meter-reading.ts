import { type DeviceUrl, type KeyCounters, keysOf, type Portion, parseDeviceUrl } from "@energsys/drivers";
import type { ProfileReading } from "@energsys/metering";
import { quality } from "@energsys/metering";
import {
  encodeEventsBody,
  encodeProfileBody,
  encodeRegistersBody,
  intervalQuality,
  intervalsPerEntry,
} from "./bodies.ts";
import type { ConcentratorConfig, LineConfig } from "./config.ts";
import type { Device } from "./edge.ts";
import { entryKinds, type NewEntry } from "./journal.ts";
import type { LocalTime } from "./zone.ts";

/** How a driver is told of a meter behind a line that is open already. */
export function meterUrl(line: LineConfig, address: string): DeviceUrl {
  const url = parseDeviceUrl(
    line.kind === "dlms"
      ? `dlms+hdlc+tcp://?physical=${address}&${line.dlms}`
      : `iec62056-21+tcp://?address=${address}${line.evenParity ? "&parity=yes" : ""}`,
  );
  // The sign-on of a bus is at the rate of its line, not at 300 baud.
  return line.place.kind === "serial" ? { ...url, line: line.place } : url;
}

/** Secrets of a meter by its name, with the counters of its key from the store. */
export const meterKeys = (
  config: ConcentratorConfig,
  name: string,
  countersOf: (key: Uint8Array) => KeyCounters,
) => {
  const secret = config.secrets.get(name);
  return secret ? { keys: keysOf(secret, async (key) => countersOf(key)) } : {};
};

/** The name of a meter by its own words: the maker's letters and its number; `unnamed` when it gave no number. */
export function meterName(
  { identity, manufacturer }: { readonly identity: string; readonly manufacturer: string },
  unnamed: string,
): string {
  if (identity === "") return unnamed;
  return /^[A-Z]{3}/.test(identity) ? identity : `${manufacturer.slice(0, 3).toUpperCase()}${identity}`;
}

const bits: readonly (readonly [number, number])[] = [
  [quality.criticalError, intervalQuality.doubtful],
  [quality.notValid, intervalQuality.doubtful],
  [quality.clockInvalid, intervalQuality.clockNotReliable],
  [quality.clockAdjusted, intervalQuality.clockSet],
  [quality.powerDown, intervalQuality.powerFailed],
  [quality.powerUp, intervalQuality.partial],
  [quality.partial, intervalQuality.partial],
  [quality.decreased, intervalQuality.rolledOver],
];

/** What a driver found, as entries of the journal. `doubtful`: our clock, which stamps registers, is not reliable. */
export function entriesOf(
  device: Pick<Device, "logicalDevice">,
  portion: Omit<Portion, "blocks">,
  time: LocalTime,
  doubtful = false,
): NewEntry[] {
  const { logicalDevice } = device;
  const entries: NewEntry[] = portion.profiles.flatMap((profile) =>
    profileEntries(logicalDevice, profile, time),
  );
  const [first] = portion.registers;
  if (first) {
    entries.push({
      logicalDevice,
      kind: entryKinds.registers,
      fromMs: first.measuredAtMs,
      body: encodeRegistersBody(first.measuredAtMs, portion.registers, time, doubtful),
    });
  }
  if (portion.events.length > 0) {
    const events = portion.events.map(({ atMs, code, seq, detail }) => ({
      atMs,
      code: Number(/(\d{1,5})$/.exec(code)?.[1] ?? 0) & 0xffff,
      sequence: seq,
      detail: ["0-0:99.98.0", code, ...(detail ? [JSON.stringify(detail)] : [])].join(" "),
    }));
    for (let at = 0; at < events.length; at += 200) {
      entries.push({
        logicalDevice,
        kind: entryKinds.events,
        fromMs: events[at]!.atMs,
        body: encodeEventsBody(events.slice(at, at + 200), time),
      });
    }
  }
  return entries;
}

function profileEntries(logicalDevice: number, profile: ProfileReading, time: LocalTime): NewEntry[] {
  const periodMs = profile.periodSeconds * 1000;
  const { startsMs } = profile;
  const entries: NewEntry[] = [];
  for (let row = 0; row < startsMs.length; ) {
    const startMs = startsMs[row]!;
    let end = row;
    while (end < startsMs.length && (startsMs[end]! - startMs) / periodMs < intervalsPerEntry) end++;
    const count = Math.round((startsMs[end - 1]! - startMs) / periodMs) + 1;
    const flags = new Array<number>(count).fill(intervalQuality.missing);
    const columns = profile.columns.map(() => new Array<number>(count).fill(0));
    for (; row < end; row++) {
      const at = Math.round((startsMs[row]! - startMs) / periodMs);
      flags[at] = bits.reduce((sum, [from, to]) => (profile.flags[row]! & from ? sum | to : sum), 0);
      let given = 0;
      for (const [index, column] of columns.entries()) {
        const value = profile.values[index]![row]!;
        if (Number.isNaN(value)) continue;
        column[at] = value;
        given++;
      }
      if (given === 0) flags[at]! |= intervalQuality.missing;
      else if (given < columns.length) flags[at]! |= intervalQuality.doubtful;
    }
    entries.push({
      logicalDevice,
      kind: entryKinds.profile,
      fromMs: startMs,
      toMs: startMs + count * periodMs,
      body: encodeProfileBody(
        {
          obis: profile.obis,
          periodSeconds: profile.periodSeconds,
          startMs,
          columns: profile.columns.map(({ obis, kind, unit, scale }, index) => ({
            obis,
            // A sample at the end of the interval stands there as a register does.
            kind: kind === "instant" ? "index" : kind,
            scaler: scale,
            unit,
            values: columns[index]!,
          })),
          quality: flags,
        },
        time,
      ),
    });
  }
  return entries;
}
