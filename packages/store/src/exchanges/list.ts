import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";
import type { ExchangeReading } from "./exchange.ts";

export interface ExchangePhoto {
  readonly photoId: number;
  readonly fileName: string;
  readonly media: string;
  /** Hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly addedBy: string;
  readonly addedAtMs: number;
}

/** An exchange as it was entered. Instants are epoch ms. */
export interface StoredExchange {
  readonly exchangeId: number;
  readonly atMs: number;
  readonly oldSerial: string;
  readonly newSerial: string;
  readonly last: readonly ExchangeReading[];
  readonly first: readonly ExchangeReading[];
  readonly fittedBy: string;
  readonly reason: string;
  readonly doubts: readonly string[];
  readonly madeBy: string;
  readonly madeAtMs: number;
  readonly requestId: number | null;
  /** Days whose energy was derived again; null while that goes on. */
  readonly days: number | null;
  readonly undoneBy: string | null;
  readonly undoneAtMs: number | null;
  readonly undoReason: string | null;
  readonly photos: readonly ExchangePhoto[];
}

interface FlatReading extends ExchangeReading {
  readonly exchangeId: number;
  readonly side: "old" | "new";
}

/** Exchanges of a point, the newest first. Whoever asks has looked whether the point is of their scope. */
export async function listExchanges(db: Queryable, pointId: number): Promise<StoredExchange[]> {
  const { rows } = await db.query<Omit<StoredExchange, "last" | "first" | "photos">>(sql`
    select meter_exchange_id as "exchangeId", at as "atMs", old.serial as "oldSerial", new_serial as "newSerial",
      fitted_by as "fittedBy", reason, doubts, made_by as "madeBy", made_at as "madeAtMs", ratio_request_id as "requestId", days,
      undone_by as "undoneBy", undone_at as "undoneAtMs", undo_reason as "undoReason"
    from meter_exchange join meter as old on old.meter_id = old_meter_id
    where point_id = ${pointId}::int order by at desc, meter_exchange_id desc`);
  const ids = rows.map(({ exchangeId }) => exchangeId);
  const { rows: readings } = await db.query<FlatReading>(sql`
    select meter_exchange_id as "exchangeId", side, obis, value::text as value, unit from meter_exchange_reading
    where meter_exchange_id = any(${ids}::int[]) order by obis`);
  const { rows: photos } = await db.query<ExchangePhoto & { exchangeId: number }>(sql`
    select meter_exchange_id as "exchangeId", meter_exchange_photo_id as "photoId", file_name as "fileName", media,
      encode(sha256, 'hex') as sha256, length(bytes) as "sizeBytes", added_by as "addedBy", added_at as "addedAtMs"
    from meter_exchange_photo where meter_exchange_id = any(${ids}::int[]) order by meter_exchange_photo_id`);
  const of = (exchangeId: number, side: "old" | "new") =>
    readings
      .filter((reading) => reading.exchangeId === exchangeId && reading.side === side)
      .map(({ obis, value, unit }) => ({ obis, value, unit }));
  return rows.map((row) => ({
    ...row,
    last: of(row.exchangeId, "old"),
    first: of(row.exchangeId, "new"),
    photos: photos
      .filter(({ exchangeId }) => exchangeId === row.exchangeId)
      .map(({ exchangeId: _of, ...photo }) => photo),
  }));
}
