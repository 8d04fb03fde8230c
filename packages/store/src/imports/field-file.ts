import { isCurveFile, isDump, isHandHeldFile } from "@energsys/metering";
import type { Database } from "../database.ts";
import type { StoreContext } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import { importDump } from "../gateways/dump-import.ts";
import type { Scope } from "../scope.ts";
import { importHandHeld } from "./hand-held.ts";
import { importLoadCurves } from "./load-curves.ts";
import type { ImportKind } from "./record.ts";

/** What a file from the field holds of one meter. */
export interface FieldFileMeter {
  readonly name: string;
  readonly adopted: boolean;
  readonly intervals: number;
  readonly readings: number;
  readonly added: number;
  readonly differ: number;
  readonly lower: number;
}

/** What a file from the field holds, and what of it was stored. */
export interface FieldFileOutcome {
  readonly kind: ImportKind;
  readonly identity: string | null;
  readonly made: string | null;
  readonly first: number | null;
  readonly last: number | null;
  readonly entries: number;
  readonly beyondCursor: number;
  readonly meters: readonly FieldFileMeter[];
  readonly refused: readonly {
    readonly line: number | null;
    readonly reason: string;
    readonly text: string;
  }[];
  /** Import of this very file that was not taken back. */
  readonly before: number | null;
  readonly stored?: {
    readonly importId: number;
    readonly intervals: number;
    readonly registers: number;
    readonly events: number;
    readonly kept: number;
  };
}

const ofNoConcentrator = { identity: null, made: null, first: null, last: null, beyondCursor: 0 } as const;

/**
 * Checks a file from the field, whichever of the known ones it is, and takes it in unless `dryRun`.
 * @throws StoreError `import.unknown-file`, `import.not-final` where a file of another kind is declared final, and those of `importDump` and `importHandHeld`
 */
export async function importFieldFile(
  db: Database,
  file: Uint8Array,
  given: {
    readonly fileName: string;
    readonly by: string;
    readonly scope: Scope;
    readonly dryRun: boolean;
    /** Its values are the last word on their intervals; of load curves only. */
    readonly isFinal?: boolean;
  },
  context: StoreContext,
): Promise<FieldFileOutcome> {
  const beginning = new TextDecoder().decode(file.subarray(0, 4_096));
  const hasCurves = !isDump(file) && !isHandHeldFile(beginning) && isCurveFile(beginning);
  if (given.isFinal && !hasCurves)
    throw new StoreError("import.not-final", "only load curves can be declared final");
  if (isDump(file)) {
    const { meters, unreadable, stored, ...outcome } = await importDump(db, file, given, context);
    return {
      kind: "concentrator-dump",
      ...outcome,
      meters: meters.map((meter) => ({
        name: meter.name || String(meter.logicalDevice),
        adopted: meter.meterId !== null,
        intervals: meter.intervals,
        readings: meter.registers,
        added: meter.added,
        differ: meter.differ,
        lower: 0,
      })),
      refused: Array.from({ length: unreadable }, () => ({ line: null, reason: "unreadable", text: "" })),
      ...(stored ? { stored } : {}),
    };
  }
  if (hasCurves) {
    const { meters, intervals, refused, before, stored } = await importLoadCurves(db, file, given, context);
    return {
      kind: "load-curves",
      ...ofNoConcentrator,
      entries: intervals,
      meters: meters.map(({ serial, ...counts }) => ({
        name: serial,
        adopted: true,
        readings: 0,
        lower: 0,
        ...counts,
      })),
      refused: refused.map(({ line, ...why }) => ({ line: line === 0 ? null : line, ...why })),
      before,
      ...(stored ? { stored: { ...stored, registers: 0, events: 0, kept: 0 } } : {}),
    };
  }
  if (!isHandHeldFile(beginning))
    throw new StoreError(
      "import.unknown-file",
      "no dump of a concentrator, no file of a hand-held, none of load curves",
    );
  const { meters, readings, refused, before, stored } = await importHandHeld(db, file, given, context);
  return {
    kind: "hand-held",
    ...ofNoConcentrator,
    entries: readings,
    meters: meters.map(({ serial, readings, added, differ, lower }) => ({
      name: serial,
      adopted: true,
      intervals: 0,
      readings,
      added,
      differ,
      lower,
    })),
    refused,
    before,
    ...(stored ? { stored: { ...stored, intervals: 0, events: 0, kept: 0 } } : {}),
  };
}
