import type { Database } from "../database.ts";
import type { Scope } from "../scope.ts";
import { sql } from "../sql.ts";
import { meterInScope } from "./in-scope.ts";
import { insertMeter, insertState, insertVerification, type NewMeterVerification } from "./meter.ts";

/** A line of a list of meters that came from the manufacturer or from the laboratory. */
export interface ImportedMeter {
  /** Of the file, for what is wrong with it. */
  readonly line: number;
  readonly manufacturer: string;
  readonly type: string;
  readonly serial: string;
  readonly midYear: number | null;
  /** Where it lies. */
  readonly place: string;
  readonly verification: Omit<NewMeterVerification, "by" | "note"> | null;
}

export interface MeterImportFault {
  readonly line: number;
  /** `elsewhere`: it stands at a point outside the scope. */
  readonly code: "type-unknown" | "serial-twice" | "verification-known" | "elsewhere";
}

export interface MeterImportOutcome {
  readonly added: number;
  /** Known already; a verification that the file brings is added to them. */
  readonly known: number;
  readonly verifications: number;
  /** Nothing is written while there are some. */
  readonly faults: readonly MeterImportFault[];
}

/**
 * Takes a list of meters into the store. All of it or nothing: with a fault, and without `apply`, it only says what it would do. Repeating
 * it adds nothing but is told of by its bulletins. New meters are in stock from `atMs` on, those with a valid verification verified.
 */
export async function importMeters(
  db: Database,
  scope: Scope,
  meters: readonly ImportedMeter[],
  options: { readonly apply: boolean; readonly atMs: number; readonly reason: string; readonly by: string },
): Promise<MeterImportOutcome> {
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{
      typeId: number | null;
      meterId: number | null;
      elsewhere: boolean;
      verified: boolean;
    }>(sql`
      select t.meter_type_id as "typeId", m.meter_id as "meterId", not (${meterInScope(scope)}) as elsewhere,
        exists (select from meter_verification as v where v.meter_id = m.meter_id and v.laboratory = given.laboratory
          and v.document = given.document and withdrawn_at is null) as verified
      from unnest(${meters.map(({ manufacturer }) => manufacturer)}::text[], ${meters.map(({ type }) => type)}::text[],
        ${meters.map(({ serial }) => serial)}::text[],
        ${meters.map(({ verification }) => verification?.laboratory ?? null)}::text[],
        ${meters.map(({ verification }) => verification?.document ?? null)}::text[])
        with ordinality as given (manufacturer, type, serial, laboratory, document, nth)
      left join meter_type as t on t.manufacturer = given.manufacturer and t.name = given.type
      left join meter as m on m.manufacturer = given.manufacturer and m.serial = given.serial
      order by nth`);
    const seen = new Set<string>();
    const faults: MeterImportFault[] = [];
    meters.forEach(({ line, manufacturer, serial }, nth) => {
      const key = `${manufacturer}\0${serial}`;
      if (rows[nth]!.typeId === null) faults.push({ line, code: "type-unknown" });
      if (seen.has(key)) faults.push({ line, code: "serial-twice" });
      if (rows[nth]!.elsewhere) faults.push({ line, code: "elsewhere" });
      else if (rows[nth]!.verified) faults.push({ line, code: "verification-known" });
      seen.add(key);
    });
    const added = rows.filter(({ meterId }) => meterId === null).length;
    const outcome: MeterImportOutcome = {
      added,
      known: rows.length - added,
      verifications: meters.filter(({ verification }) => verification).length,
      faults,
    };
    if (!options.apply || faults.length > 0) return outcome;
    const { atMs, reason, by } = options;
    const today = new Date(atMs).toISOString().slice(0, 10);
    for (const [nth, { serial, midYear, place, verification }] of meters.entries()) {
      const { typeId, meterId: known } = rows[nth]!;
      const meterId = known ?? (await insertMeter(transaction, { meterTypeId: typeId!, serial, midYear }));
      if (verification) await insertVerification(transaction, meterId, { ...verification, note: "", by });
      // One that is known stays in the state that it is in: it may stand at a point.
      if (known !== null) continue;
      const holds = verification?.passed === true && (verification.validUntil ?? "") > today;
      await insertState(transaction, meterId, {
        state: holds ? "verified" : "stock",
        atMs,
        place,
        reason,
        by,
      });
    }
    return outcome;
  });
}
