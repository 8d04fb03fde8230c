import type { Database } from "../database.ts";
import { sealRunFile } from "../reports/runs.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { sql } from "../sql.ts";
import { drawFileKey, sealPiece } from "./kept-file.ts";
import { podHashes, sealLocations, sealPoints } from "./place-of-point.ts";

const batchMax = 1_000;

/**
 * Seals what an earlier release kept in clear (`unsealed_point`, `unsealed_location`, files of values and of reports), in batches of
 * their own: it may be stopped
 * anywhere, run again, and run in several processes at once. Gives the number of rows.
 */
export async function sealWaiting(
  db: Database,
  ring: KeyRing,
  onProgress: (sealed: number) => void = () => {},
): Promise<number> {
  let sealed = 0;
  for (const batch of [sealPointBatch, sealLocationBatch, sealExport, sealReport]) {
    for (;;) {
      const count = await batch(db, ring);
      if (count === 0) break;
      sealed += count;
      onProgress(sealed);
    }
  }
  return sealed;
}

const sealPointBatch = (db: Database, ring: KeyRing): Promise<number> =>
  db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ pointId: number; pod: string; name: string }>(sql`
      delete from unsealed_point where point_id in (
        select point_id from unsealed_point order by point_id limit ${batchMax}::int for update skip locked)
      returning point_id as "pointId", pod_code as pod, name`);
    if (rows.length === 0) return 0;
    const values = await sealPoints(ring, rows);
    const hashes = await podHashes(
      ring,
      rows.map(({ pod }) => pod),
    );
    await transaction.query(sql`
      update point set sealed = fresh.sealed, personal_hash = fresh.personal_hash, pod_hash = fresh.pod_hash
      from unnest(${rows.map(({ pointId }) => pointId)}::int[], ${values.map((each) => each.sealed)}::bytea[],
        ${values.map((each) => each.personalHash)}::bytea[], ${hashes.slice(0, rows.length)}::bytea[])
        as fresh (point_id, sealed, personal_hash, pod_hash)
      where point.point_id = fresh.point_id`);
    return rows.length;
  });

const sealLocationBatch = (db: Database, ring: KeyRing): Promise<number> =>
  db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{
      locationId: number;
      address: string;
      latitude: number | null;
      longitude: number | null;
    }>(sql`
      delete from unsealed_location where location_id in (
        select location_id from unsealed_location order by location_id limit ${batchMax}::int for update skip locked)
      returning location_id as "locationId", address, latitude::float8 as latitude, longitude::float8 as longitude`);
    if (rows.length === 0) return 0;
    const values = await sealLocations(ring, rows);
    await transaction.query(sql`
      update location set sealed = fresh.sealed, personal_hash = fresh.personal_hash
      from unnest(${rows.map(({ locationId }) => locationId)}::int[], ${values.map((each) => each.sealed)}::bytea[],
        ${values.map((each) => each.personalHash)}::bytea[]) as fresh (location_id, sealed, personal_hash)
      where location.location_id = fresh.location_id`);
    return rows.length;
  });

/** One whole file of values, piece by piece. */
const sealExport = (db: Database, ring: KeyRing): Promise<number> =>
  db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ dataExportId: number; pieces: number }>(sql`
      select data_export_id as "dataExportId",
        (select count(*)::int from data_export_part as p where p.data_export_id = e.data_export_id) as pieces
      from data_export as e where sealed_key is null and made_at is not null limit 1 for update skip locked`);
    const [file] = rows;
    if (!file) return 0;
    const { dataExportId, pieces } = file;
    const { key, sealedKey } = await drawFileKey(ring, "data_export", dataExportId);
    for (let piece = 0; piece < pieces; piece++) {
      const found = await transaction.query<{ bytes: Buffer }>(
        sql`select bytes from data_export_part where data_export_id = ${dataExportId} and part = ${piece}`,
      );
      await transaction.query(sql`
        update data_export_part set bytes = ${sealPiece(key, piece, found.rows[0]!.bytes)}
        where data_export_id = ${dataExportId} and part = ${piece}`);
    }
    await transaction.query(
      sql`update data_export set sealed_key = ${sealedKey} where data_export_id = ${dataExportId}`,
    );
    return 1;
  });

const sealReport = (db: Database, ring: KeyRing): Promise<number> =>
  db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ runId: number; file: Buffer }>(sql`
      select report_run_id as "runId", file from report_run where file is not null and sealed_key is null
      limit 1 for update skip locked`);
    if (!rows[0]) return 0;
    const { runId, file } = rows[0];
    const { sealed, sealedKey } = await sealRunFile(ring, runId, file);
    await transaction.query(
      sql`update report_run set file = ${sealed}, sealed_key = ${sealedKey} where report_run_id = ${runId}::bigint`,
    );
    return 1;
  });
