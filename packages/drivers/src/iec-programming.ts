import type { DeviceEvent, ProfileColumn, ProfileReading } from "@energsys/metering";
import {
  kindOfColumn,
  type ProfileModel,
  qualityOfStatus,
  type StatusTableName,
} from "@energsys/metering/models";
import type { EpochMs } from "@energsys/protocols";
import {
  decodeLog,
  decodeProfile,
  formatZonedStamp,
  type IecLogEntry,
  type IecProfile,
  type IecProfileBlock,
  type IecReader,
} from "@energsys/protocols/iec62056-21";
import { type ExactDecimal, findDecimal, plainUnit } from "./decimal.ts";
import type { ProfileRange } from "./device-reading.ts";
import { DriverError } from "./errors.ts";
import { intervalStart } from "./interval.ts";
import type { ReadSession } from "./session.ts";
import { deviceOffset, offsetAt } from "./zone.ts";

/** `zYYMMDDhhmm` in the wall time of the device's zone: the form that VDEW meters take. */
function rangeStamp(ms: EpochMs, zone: string): string {
  const { minutes, daylight } = offsetAt(ms, zone);
  return formatZonedStamp({
    wallMs: ms + minutes * 60_000,
    season: daylight ? "daylight" : "standard",
  }).slice(0, 11);
}

/** Reads one range of a profile by R5 and hands it on. Stamps are ends of intervals; the reading is named by starts. */
export async function readIecProfile(
  session: ReadSession,
  reader: IecReader,
  range: ProfileRange,
): Promise<void> {
  const model = profileModelOf(session, range);
  if (!model?.iecAddress) {
    throw new DriverError("read.no-profile", `${session.model.name} has no profile ${range.obis ?? ""}`);
  }
  session.check();
  const periodMs = model.periodSeconds * 1000;
  const argument = `${rangeStamp(range.fromMs + periodMs, session.zone)};${rangeStamp(range.toMs, session.zone)}`;
  const answer = await reader.read("R5", model.iecAddress, argument);
  const profile = decodeProfile(answer.dataSets, { offset: deviceOffset(session.zone) });
  const obis = range.obis ?? model.obis;
  session.profileDescription ??= describe(profile, model);
  await session.hand("iec62056-21-profile", {
    profiles: profilesOf(profile, obis, range, session, model.status),
    answered: { obis, fromMs: range.fromMs, toMs: range.toMs },
  });
}

function profileModelOf(session: ReadSession, range: ProfileRange): ProfileModel | undefined {
  const { profiles } = session.model;
  return range.obis === undefined ? profiles[0] : profiles.find((profile) => profile.obis === range.obis);
}

function describe(profile: IecProfile, model: ProfileModel) {
  const columns = profile.blocks[0]?.columns.flatMap(({ obis, unit }) =>
    obis === undefined ? [] : [{ obis, unit, kind: kindOfColumn(obis) }],
  );
  return {
    obis: model.obis,
    periodSeconds: profile.blocks[0]?.periodSeconds ?? model.periodSeconds,
    columns: columns ?? model.columns,
  };
}

interface Row {
  readonly startMs: EpochMs;
  readonly flags: number;
  readonly values: readonly (ExactDecimal | undefined)[];
}

/** One reading for each structure that the answer has; a meter that was programmed anew in the range has two. */
function profilesOf(
  profile: IecProfile,
  obis: string,
  range: ProfileRange,
  session: ReadSession,
  status: StatusTableName,
): ProfileReading[] {
  const groups = new Map<string, { block: IecProfileBlock; rows: Map<EpochMs, Row> }>();
  let rows = 0;
  for (const block of profile.blocks) {
    const key = `${block.periodSeconds}/${block.columns.map((column) => `${column.address}*${column.unit}`).join()}`;
    const group = groups.get(key) ?? { block, rows: new Map<EpochMs, Row>() };
    groups.set(key, group);
    const periodMs = block.periodSeconds * 1000;
    const flags = qualityOfStatus(status, block.statusBits);
    for (const [index, values] of block.rows.entries()) {
      const startMs = intervalStart(block.rowEndsMs[index]!, periodMs, "end");
      if (startMs < range.fromMs || startMs >= range.toMs || ++rows > session.limits.attemptRows) continue;
      const decimals = values.map((value) => (value === undefined ? undefined : findDecimal(value)));
      const before = group.rows.get(startMs);
      group.rows.set(startMs, { startMs, flags: (before?.flags ?? 0) | flags, values: decimals });
    }
  }
  return [...groups.values()]
    .filter((group) => group.rows.size > 0)
    .map((group) => readingOf(obis, group.block, [...group.rows.values()], session));
}

function readingOf(
  obis: string,
  block: IecProfileBlock,
  rows: readonly Row[],
  session: ReadSession,
): ProfileReading {
  const sorted = [...rows].sort((a, b) => a.startMs - b.startMs);
  const columns: ProfileColumn[] = [];
  const values: Float64Array[] = [];
  for (const [index, column] of block.columns.entries()) {
    if (column.obis === undefined) {
      session.warn(`profile.column: ${column.address} is no OBIS code and was left out`);
      continue;
    }
    // All rows of a channel share one scale: the finest that was sent.
    const decimals = Math.max(0, ...sorted.map((row) => row.values[index]?.decimals ?? 0));
    const { unit, power } = plainUnit(column.unit);
    columns.push({ obis: column.obis, kind: kindOfColumn(column.obis), unit, scale: power - decimals });
    values.push(Float64Array.from(sorted, (row) => scaledInteger(row.values[index], decimals)));
  }
  return {
    obis,
    periodSeconds: block.periodSeconds,
    columns,
    startsMs: Float64Array.from(sorted, (row) => row.startMs),
    values,
    flags: Uint16Array.from(sorted, (row) => row.flags),
  };
}

function scaledInteger(value: ExactDecimal | undefined, decimals: number): number {
  if (value === undefined) return Number.NaN;
  const integer = Number(value.integer * 10n ** BigInt(decimals - value.decimals));
  return Number.isSafeInteger(integer) ? integer : Number.NaN;
}

/** Reads the logs from an instant on; a status with several bits is several events. */
export async function readIecEvents(session: ReadSession, reader: IecReader, fromMs: EpochMs): Promise<void> {
  for (const log of session.model.eventLogs) {
    if (!log.iecAddress) continue;
    session.check();
    const argument = `${rangeStamp(fromMs, session.zone)};`;
    const answer = await reader.read("R5", log.iecAddress, argument);
    const { entries } = decodeLog(answer.dataSets, { offset: deviceOffset(session.zone) });
    const events: DeviceEvent[] = [];
    const seen = new Map<string, number>();
    for (const entry of entries.slice(-session.limits.eventsPerAttempt)) {
      for (const code of codesOf(entry, log.codeAddress)) {
        events.push(
          numbered(seen, { atMs: entry.at, code: `${log.table}:${code}`, detail: detailOf(entry) }),
        );
      }
    }
    await session.hand("iec62056-21-log", { events });
  }
}

/** The code of its own column; else one for each bit of the status, highest first, and a status without any bit for itself. */
function codesOf(entry: IecLogEntry, codeAddress: string | undefined): string[] {
  const at = entry.columns.findIndex(({ address }) => address === codeAddress);
  const code = at < 0 ? undefined : entry.values[at];
  if (code) return [code];
  const codes: string[] = [];
  for (let power = 31; power >= 0; power--) {
    const bit = 2 ** power;
    if (Math.floor(entry.statusBits / bit) % 2 === 1) codes.push(String(bit));
  }
  return codes.length > 0 ? codes : [entry.status];
}

function detailOf(entry: IecLogEntry): Record<string, string> {
  const values = entry.columns.map((column, index) => [column.address, entry.values[index] ?? ""]);
  return { status: entry.status, ...Object.fromEntries(values) };
}

/** Equal events of one instant are told apart by their place in the log. */
export function numbered(seen: Map<string, number>, event: Omit<DeviceEvent, "seq">): DeviceEvent {
  const key = `${event.atMs}/${event.code}`;
  const seq = seen.get(key) ?? 0;
  seen.set(key, seq + 1);
  return { ...event, seq };
}
