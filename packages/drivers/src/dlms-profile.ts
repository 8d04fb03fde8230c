import { type ProfileColumn, type ProfileReading, quality } from "@energsys/metering";
import { kindOfColumn, qualityOfStatus, type StatusTableName } from "@energsys/metering/models";
import { DecodeError, type ObisCode } from "@energsys/protocols";
import {
  type CaptureObject,
  type ClockColumn,
  decodeCaptureObjects,
  decodeProfileBuffer,
  findScalerUnit,
  isClock,
  type ProfileColumns,
  scalerAttribute,
  type ValueColumn,
} from "@energsys/protocols/cosem";
import { integerOf } from "@energsys/protocols/dlms";
import type { ProfileRange } from "./device-reading.ts";
import type { DlmsSession } from "./dlms.ts";
import { readBuffer, readEntries } from "./dlms-range.ts";
import { DriverError } from "./errors.ts";
import { intervalStart } from "./interval.ts";
import { dateTimeRules } from "./zone.ts";

/** What the meter says of one of its profiles, read once in an association. */
interface ProfileShape {
  readonly obis: ObisCode;
  readonly periodSeconds: number;
  readonly stamp: "end" | "start";
  readonly captured: readonly CaptureObject[];
  /** Captured columns that become channels, with their place in a row. */
  readonly columns: readonly { readonly at: number; readonly column: ProfileColumn }[];
  readonly clockAt: number;
  /** Place of the profile status, if it is captured, and what its bits mean. */
  readonly statusAt: number;
  readonly status: StatusTableName;
}

const shapes = new WeakMap<DlmsSession, Map<string, ProfileShape>>();
const statusObject = /^0-\d+:96\.10\./;

/** Reads one range of a profile and hands it on. */
export async function readDlmsProfile(dlms: DlmsSession, range: ProfileRange): Promise<void> {
  const { session } = dlms;
  const obis = range.obis ?? session.model.profiles[0]?.obis;
  if (obis === undefined) throw new DriverError("read.no-profile", `${session.model.name} has no profile`);
  const shape = await shapeOf(dlms, obis);
  session.profileDescription ??= {
    obis,
    periodSeconds: shape.periodSeconds,
    columns: shape.columns.map(({ column }) => ({ obis: column.obis, unit: column.unit, kind: column.kind })),
  };
  // Half a period inside the neighbours: meters differ on whether a bound belongs to the range, and stamp a little late.
  const periodMs = shape.periodSeconds * 1000;
  const shift = shape.stamp === "end" ? periodMs / 2 : -periodMs / 2;
  const stamps = { fromMs: range.fromMs + shift, toMs: range.toMs + shift };
  const bytes = range.entries
    ? await readEntries(dlms, obis, range.entries)
    : await readBuffer(dlms, obis, stamps, shape.periodSeconds);
  const buffer = decodeBuffer(dlms, bytes, shape);
  const reading = readingOf(shape, buffer, range);
  await session.hand("dlms-profile", {
    profiles: reading.startsMs.length > 0 ? [reading] : [],
    answered: { obis, fromMs: range.fromMs, toMs: range.toMs },
  });
}

/** A public example server sends its answer twice in one; what follows the first whole buffer is left alone. */
function decodeBuffer(dlms: DlmsSession, bytes: Uint8Array, shape: ProfileShape): ProfileColumns {
  const { session } = dlms;
  const options = {
    columns: shape.captured,
    periodSeconds: shape.periodSeconds,
    ...dateTimeRules(session.model, session.zone),
  };
  try {
    return decodeProfileBuffer(bytes, options);
  } catch (error) {
    if (!(error instanceof DecodeError && error.code === "profile.trailing")) throw error;
    session.warn(`profile.trailing: ${bytes.length - error.offset} bytes after the buffer of ${shape.obis}`);
    return decodeProfileBuffer(bytes.subarray(0, error.offset), options);
  }
}

/** @throws DriverError `read.no-profile`, `read.profile-unclocked` */
async function shapeOf(dlms: DlmsSession, obis: ObisCode): Promise<ProfileShape> {
  const known = shapes.get(dlms) ?? new Map<string, ProfileShape>();
  shapes.set(dlms, known);
  const before = known.get(obis);
  if (before) return before;
  const model = dlms.session.model.profiles.find((profile) => profile.obis === obis);
  const objects = await dlms.find(7, obis, 3);
  if (!objects) throw new DriverError("read.no-profile", `the device has no profile ${obis}`);
  const captured = decodeCaptureObjects(objects);
  const clockAt = captured.findIndex(isClock);
  const period = await dlms.find(7, obis, 4);
  const periodSeconds = (period && Number(integerOf(period))) || model?.periodSeconds || 0;
  if (clockAt < 0 || periodSeconds <= 0 || 86_400 % periodSeconds !== 0) {
    throw new DriverError(
      "read.profile-unclocked",
      `${obis} has no clock column or no period that divides a day`,
    );
  }
  const shape: ProfileShape = {
    obis,
    periodSeconds,
    stamp: model?.stamp ?? "end",
    captured,
    columns: await columnsOf(dlms, captured),
    clockAt,
    status: model?.status ?? "idis",
    statusAt: captured.findIndex((object) => object.classId === 1 && statusObject.test(object.obis)),
  };
  known.set(obis, shape);
  return shape;
}

/** Registers become channels; clock, status and texts do not. */
async function columnsOf(
  dlms: DlmsSession,
  captured: readonly CaptureObject[],
): Promise<ProfileShape["columns"]> {
  const wanted = captured
    .map((object, at) => ({ object, at }))
    .filter(({ object }) => scalerAttribute(object.classId) !== undefined);
  const scalers = await dlms.client.getList(
    wanted.map(({ object }) => ({
      classId: object.classId,
      obis: object.obis,
      attribute: scalerAttribute(object.classId) as number,
    })),
  );
  return wanted.map(({ object, at }, index) => {
    const scaler = scalers[index];
    const found = scaler?.ok ? findScalerUnit(scaler.data) : undefined;
    if (!found)
      dlms.session.warn(
        `profile.scaler: ${object.obis} gives no scaler and unit; its values are taken as sent`,
      );
    const column: ProfileColumn = {
      obis: object.obis,
      kind: kindOfColumn(object.obis),
      unit: found?.unit ?? "",
      scale: found?.scaler ?? 0,
    };
    return { at, column };
  });
}

/** The rows of the buffer as intervals by their start: in order of time, each once, only those of the range. */
function readingOf(shape: ProfileShape, buffer: ProfileColumns, range: ProfileRange): ProfileReading {
  const periodMs = shape.periodSeconds * 1000;
  const clock = buffer.columns[shape.clockAt] as ClockColumn;
  const rowsByStart = new Map<number, number[]>();
  for (let row = 0; row < buffer.rows; row++) {
    const stampMs = clock.times[row] as number;
    if (Number.isNaN(stampMs)) continue;
    const startMs = intervalStart(stampMs, periodMs, shape.stamp);
    if (startMs < range.fromMs || startMs >= range.toMs) continue;
    const rows = rowsByStart.get(startMs);
    if (rows) rows.push(row);
    else rowsByStart.set(startMs, [row]);
  }
  const starts = Float64Array.from(rowsByStart.keys()).sort();
  const lastRows = Array.from(starts, (startMs) => rowsByStart.get(startMs)!.at(-1)!);
  const flags = Uint16Array.from(starts, (startMs) =>
    rowsByStart.get(startMs)!.reduce((bits, row) => bits | flagsOf(shape, buffer, clock, row), 0),
  );
  return {
    obis: shape.obis,
    periodSeconds: shape.periodSeconds,
    columns: shape.columns.map(({ column }) => column),
    startsMs: starts,
    values: shape.columns.map(({ at }) => {
      const column = buffer.columns[at] as ValueColumn;
      return Float64Array.from(lastRows, (row) => valueAt(column, row));
    }),
    flags,
  };
}

function flagsOf(shape: ProfileShape, buffer: ProfileColumns, clock: ClockColumn, row: number): number {
  const status =
    shape.statusAt < 0 ? Number.NaN : (buffer.columns[shape.statusAt] as ValueColumn).values[row]!;
  const clockStatus = clock.status[row]!;
  const doubtful = clockStatus !== 0xff && (clockStatus & 0x03) !== 0;
  return (
    (Number.isNaN(status) ? 0 : qualityOfStatus(shape.status, status)) | (doubtful ? quality.clockInvalid : 0)
  );
}

/** A 64-bit register is an integer of ours as long as a double holds it exactly. */
function valueAt(column: ValueColumn, row: number): number {
  const value = column.values[row] as number;
  if (!Number.isNaN(value)) return value;
  const other = column.others.get(row);
  const integer = other && integerOf(other);
  return integer !== undefined && Number.isSafeInteger(Number(integer)) ? Number(integer) : Number.NaN;
}
