import type { DeviceEvent } from "@energsys/metering";
import type { EpochMs } from "@energsys/protocols";
import { decodeCaptureObjects } from "@energsys/protocols/cosem";
import {
  type DataValue,
  decodeData,
  decodeDateTime,
  integerOf,
  textOf,
  toEpochMs,
} from "@energsys/protocols/dlms";
import type { DlmsSession } from "./dlms.ts";
import { readBuffer } from "./dlms-range.ts";
import { DriverError } from "./errors.ts";
import { numbered } from "./iec-programming.ts";
import { dateTimeRules } from "./zone.ts";

/** Reads the event logs from an instant on. A log that the meter does not have is no fault: models list more than each has. */
export async function readDlmsEvents(dlms: DlmsSession, fromMs: EpochMs): Promise<void> {
  const { session } = dlms;
  for (const log of session.model.eventLogs) {
    const captured = await dlms.find(7, log.obis, 3);
    if (!captured) continue;
    const columns = decodeCaptureObjects(captured);
    const clockAt = columns.findIndex((column) => column.classId === 8);
    const codeAt = columns.findIndex((column) => column.obis.startsWith("0-0:96.11."));
    if (clockAt < 0 || codeAt < 0) {
      session.warn(`events.columns: ${log.obis} has no clock or no event code`);
      continue;
    }
    let bytes: Uint8Array;
    try {
      bytes = await readBuffer(dlms, log.obis, { fromMs, toMs: session.now() + 86_400_000 }, undefined);
    } catch (error) {
      if (!(error instanceof DriverError && error.code === "read.profile-refused")) throw error;
      session.warn(`events.refused: ${error.message}`);
      continue;
    }
    const buffer = decodeData(bytes);
    const rows = "items" in buffer ? buffer.items.slice(-session.limits.eventsPerAttempt) : [];
    const events: DeviceEvent[] = [];
    const seen = new Map<string, number>();
    for (const row of rows) {
      if (row.type !== "structure" || row.items.length !== columns.length) continue;
      const atMs = instantOf(dlms, row.items[clockAt]);
      const code = row.items[codeAt] && integerOf(row.items[codeAt]);
      if (atMs === undefined || code === undefined || atMs < fromMs) continue;
      const detail = detailOf(row.items, columns, new Set([clockAt, codeAt]));
      events.push(numbered(seen, { atMs, code: `${log.table}:${code}`, ...(detail ? { detail } : {}) }));
    }
    await session.hand("dlms-log", { events });
  }
}

function instantOf(dlms: DlmsSession, value: DataValue | undefined): EpochMs | undefined {
  if (!value || !("bytes" in value) || value.bytes.length !== 12) return undefined;
  return toEpochMs(decodeDateTime(value.bytes), dateTimeRules(dlms.session.model, dlms.session.zone));
}

function detailOf(
  items: readonly DataValue[],
  columns: readonly { readonly obis: string }[],
  known: ReadonlySet<number>,
): Record<string, string> | undefined {
  const detail: Record<string, string> = {};
  for (const [index, item] of items.entries()) {
    if (known.has(index)) continue;
    const text = integerOf(item)?.toString() ?? textOf(item);
    if (text !== undefined) detail[columns[index]!.obis] = text.slice(0, 200);
  }
  return Object.keys(detail).length > 0 ? detail : undefined;
}
