import type { CaptureObject } from "../cosem/capture-objects.ts";
import { isClock } from "../cosem/profile-columns.ts";
import { formatQuantity, type ScalerUnit } from "../cosem/scaler.ts";
import type { DataValue } from "../dlms/data.ts";
import { dateTimeOf, decodeDateTime, encodeDateTime, toEpochMs } from "../dlms/date-time.ts";
import type { ObisCode } from "../obis.ts";
import { findStamp, formatStamp, formatValue } from "./dlms-text.ts";
import type { Telegram } from "./explanation.ts";
import { warn } from "./warning.ts";

export interface ProfileContext {
  readonly obis?: ObisCode;
  readonly columns?: readonly CaptureObject[];
  /** capture_period, for stamps that are null-data. */
  readonly periodSeconds?: number;
  readonly scaleOf?: (column: CaptureObject) => ScalerUnit | undefined;
}

/** Status objects of profiles: their column is shown apart from the values. */
const isStatus = (column: CaptureObject): boolean => /^\d+-\d+:96\.10\.\d+\*/.test(column.obis);

/**
 * The buffer of a profile as a telegram; `undefined` when it is no list of rows that start with a stamp.
 * Null-data repeats the row above; a stamp that is null-data counts on by the period, where that is known.
 */
export function profileTelegram(
  buffer: DataValue,
  context: ProfileContext,
): { telegram: Telegram; warnings: string[] } | undefined {
  if ((buffer.type !== "array" && buffer.type !== "compact-array") || buffer.items.length === 0)
    return undefined;
  const rows = buffer.items.map((row) => (row.type === "structure" ? row.items : undefined));
  const first = rows[0];
  if (!first || first.length < 2 || rows.some((row) => row?.length !== first.length)) return undefined;
  const columns = context.columns?.length === first.length ? context.columns : undefined;
  const clockAt = columns ? columns.findIndex(isClock) : 0;
  if (clockAt < 0 || findStamp(first[clockAt] as DataValue) === undefined) return undefined;
  const statusAt = columns ? columns.findIndex(isStatus) : -1;
  const scales = columns?.map((column) => context.scaleOf?.(column));
  const warnings: string[] = [];
  const shown = first.map((_, index) => index).filter((index) => index !== clockAt && index !== statusAt);

  let above: readonly DataValue[] = [];
  let stamp: Uint8Array | undefined;
  let unknownPeriod = false;
  const read = (rows as (readonly DataValue[])[]).map((row) => {
    const cells = row.map((cell, index) => (cell.type === "null" ? (above[index] ?? cell) : cell));
    const clock = row[clockAt] as DataValue;
    if (clock.type === "null") {
      stamp = stamp && nextStamp(stamp, context.periodSeconds);
      unknownPeriod ||= stamp === undefined;
    } else {
      stamp = "bytes" in clock && clock.bytes.length === 12 ? clock.bytes : undefined;
    }
    above = cells;
    const time = stamp && formatStamp(stamp);
    const status = statusAt < 0 ? undefined : formatStatus(cells[statusAt] as DataValue);
    return {
      ...(time !== undefined && { time }),
      ...(status !== undefined && { status }),
      values: shown.map((index) => formatCell(cells[index] as DataValue, scales?.[index])),
    };
  });
  if (unknownPeriod)
    warnings.push(warn("profile.period-unknown", 0, "stamps that were left out stay unknown"));
  if (!columns) warnings.push(warn("profile.columns-unknown", 0, "the telegram does not name its columns"));
  const telegram: Telegram = {
    kind: "load-profile",
    checks: {},
    profile: {
      obis: context.obis ?? "",
      ...(context.periodSeconds !== undefined && { periodSeconds: context.periodSeconds }),
      columns: shown.map((index) => {
        const scale = scales?.[index];
        const obis = columns?.[index]?.obis;
        return {
          ...(obis !== undefined && { obis }),
          ...(scale && { unit: scale.unit, scaler: scale.scaler }),
        };
      }),
      rows: read,
    },
  };
  return { telegram, warnings };
}

function nextStamp(stamp: Uint8Array, periodSeconds: number | undefined): Uint8Array | undefined {
  if (periodSeconds === undefined) return undefined;
  const value = decodeDateTime(stamp);
  // Without a deviation local time counts on: the telegram says no more than that.
  const offset = value.deviationMinutes === undefined ? 0 : -value.deviationMinutes;
  const instant = toEpochMs({ ...value, deviationMinutes: -offset });
  if (instant === undefined) return undefined;
  const next = dateTimeOf(instant + periodSeconds * 1000, offset, value.status);
  const { deviationMinutes: _, ...local } = next;
  return encodeDateTime(value.deviationMinutes === undefined ? local : next);
}

function formatCell(cell: DataValue, scale: ScalerUnit | undefined): string | null {
  return (scale && formatQuantity(cell, scale.scaler)) ?? formatValue(cell) ?? null;
}

/** The status as hex, as wide as it was sent. */
function formatStatus(cell: DataValue): string | undefined {
  if (cell.type === "uint8" || cell.type === "uint16" || cell.type === "uint32" || cell.type === "enum") {
    const digits = cell.type === "uint32" ? 8 : cell.type === "uint16" ? 4 : 2;
    return cell.value.toString(16).toUpperCase().padStart(digits, "0");
  }
  return formatValue(cell);
}
