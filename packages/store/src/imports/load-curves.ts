import { type CurveFileLine, type FileCurve, marketDayOf, parseCurveFile } from "@energsys/metering";
import type { Database } from "../database.ts";
import { type Delivery, type StoreContext, storeDeliveries } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import type { Scope } from "../scope.ts";
import { findMetersBySerial } from "./meters-by-serial.ts";
import { energyOfPulses } from "./pulse-curves.ts";
import { beginImport, declareFinal, fileHash, findImportOf, finishImport, type MeterSpan } from "./record.ts";
import { compareProfiles } from "./stored-values.ts";

/** Meters of one transaction: a year of quarter-hours of one is 35,040 intervals. */
const metersAtOnce = 20;

export interface CurveFileMeter {
  readonly serial: string;
  readonly intervals: number;
  readonly added: number;
  readonly differ: number;
}

export interface CurveFileOutcome {
  readonly intervals: number;
  readonly meters: readonly CurveFileMeter[];
  readonly refused: readonly CurveFileLine[];
  readonly before: number | null;
  readonly stored?: { readonly importId: number; readonly intervals: number };
}

/**
 * Takes in load curves of past times from a file of an older system: by serial number of the meter, as if the meter had told them, so that
 * exchanges, factors and validation are those of its installation. What it changes can be taken back (`undoImport`).
 * @throws StoreError `import.unreadable`, `import.nothing` when no line can be used
 */
export async function importLoadCurves(
  db: Database,
  file: Uint8Array,
  given: {
    readonly fileName: string;
    readonly by: string;
    readonly scope: Scope;
    readonly dryRun?: boolean;
    readonly isFinal?: boolean;
  },
  context: StoreContext,
): Promise<CurveFileOutcome> {
  const parsed = parseCurveFile(new TextDecoder().decode(file), context);
  if (!parsed)
    throw new StoreError("import.unreadable", "no file of load curves: serial, start and value are needed");
  const { found, unknown } = await findMetersBySerial(
    db,
    given.scope,
    parsed.curves.map(({ serial }) => serial),
  );
  const refused: CurveFileLine[] = [...parsed.refused];
  for (const [serial, reason] of unknown) refused.push({ line: 0, reason, text: serial });
  const matched = parsed.curves.flatMap((curve) => {
    const meter = found.get(curve.serial);
    return meter ? [{ ...curve, ...meter }] : [];
  });
  const { curves, without } = await energyOfPulses(db, matched);
  for (const { serial, obis } of without)
    refused.push({ line: 0, reason: "no-constant", text: `${serial} ${obis}` });
  const sha256 = fileHash(
    file,
    curves.map(({ meterId }) => meterId),
  );
  const before = (await findImportOf(db, sha256)) ?? null;
  const deliveries = deliveriesOf(curves, file, context.nowMs);
  const compared = await compareProfiles(db, deliveries, context);
  const meters = [...new Map(curves.map(({ serial, meterId }) => [meterId, serial]))].map(
    ([meterId, serial]) => {
      const { intervals = 0, added = 0, differ = 0 } = compared.get(meterId) ?? {};
      return { serial, intervals, added, differ };
    },
  );
  const outcome = {
    intervals: curves.reduce((sum, { values }) => sum + values.length, 0),
    meters,
    refused,
    before,
  };
  if (given.dryRun) return outcome;
  if (curves.length === 0) throw new StoreError("import.nothing", "no line of the file can be used");
  const spans = spansOf(curves, context.zone);
  const importId =
    before ??
    (await beginImport(db, {
      sha256,
      fileName: given.fileName,
      kind: "load-curves",
      refused: refused.length,
      by: given.by,
      spans,
    }));
  let intervals = 0;
  for (let start = 0; start < deliveries.length; start += metersAtOnce) {
    const stored = await storeDeliveries(db, deliveries.slice(start, start + metersAtOnce), context);
    intervals += stored.intervals;
  }
  await finishImport(db, importId, spans, { intervals, registers: 0, events: 0 });
  if (given.isFinal) await declareFinal(db, importId);
  return { ...outcome, stored: { importId, intervals } };
}

interface Matched extends FileCurve {
  readonly meterId: number;
  readonly deviceId: number;
}

function deliveriesOf(curves: readonly Matched[], file: Uint8Array, nowMs: number): Delivery[] {
  return [...Map.groupBy(curves, ({ meterId }) => meterId)].map(([meterId, its], nth) => ({
    deviceId: its[0]!.deviceId,
    meterId,
    receivedAtMs: nowMs,
    // The whole file once: it is the trail of all its values.
    blocks: nth === 0 ? [{ kind: "load-curves", bytes: file }] : [],
    profiles: its.map(({ obis, periodSeconds, unit, scale, startsMs, values, flags }) => ({
      obis: "1-0:99.1.0*255",
      periodSeconds,
      columns: [{ obis, kind: "delta" as const, unit, scale }],
      startsMs,
      values: [values],
      flags,
    })),
    registers: [],
    events: [],
  }));
}

/** Market days that each meter's curves reach over, one more at the end: its first interval can be the last one's neighbour. */
function spansOf(curves: readonly Matched[], zone: string): MeterSpan[] {
  return [...Map.groupBy(curves, ({ meterId }) => meterId)].map(([meterId, its]) => ({
    meterId,
    fromDay: marketDayOf(Math.min(...its.map(({ startsMs }) => startsMs[0]!)), zone).date,
    toDay: marketDayOf(Math.max(...its.map(({ startsMs }) => startsMs.at(-1)!)), zone).date,
  }));
}
