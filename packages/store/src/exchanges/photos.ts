import { createHash } from "node:crypto";
import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { pointInScope, type Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";

/** Bytes of one picture at most: what a telephone makes, after it packed it. */
export const photoBytesMax = 4 * 1024 * 1024;
/** Pictures of one exchange at most. */
export const photosMax = 6;

/** What the first bytes say: the name of a file says nothing. */
function mediaOf(bytes: Uint8Array): "image/jpeg" | "image/png" | "image/webp" | undefined {
  const starts = (...wanted: number[]) => wanted.every((byte, nth) => bytes[nth] === byte);
  if (starts(0xff, 0xd8, 0xff)) return "image/jpeg";
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "image/png";
  const text = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  return text.startsWith("RIFF") && text.endsWith("WEBP") ? "image/webp" : undefined;
}

/**
 * Keeps a picture of an exchange, with its hash. The same picture again is the one that is there.
 * @throws StoreError `exchange.not-found`, `photo.too-large`, `photo.unreadable`, `photo.too-many`
 */
export async function addPhoto(
  db: Queryable,
  scope: Scope,
  exchangeId: number,
  photo: { readonly fileName: string; readonly bytes: Uint8Array },
  given: { readonly by: string; readonly nowMs: number },
): Promise<{ readonly photoId: number; readonly sha256: string }> {
  const { bytes } = photo;
  const digest = createHash("sha256").update(bytes).digest();
  const { rows: held } = await db.query<{ photos: number; same: number | null }>(sql`
    select (select count(*)::int from meter_exchange_photo as p where p.meter_exchange_id = e.meter_exchange_id) as photos,
      (select meter_exchange_photo_id from meter_exchange_photo as p
       where p.meter_exchange_id = e.meter_exchange_id and sha256 = ${digest}) as same
    from meter_exchange as e
    where meter_exchange_id = ${exchangeId}::int and ${pointInScope(scope, "e.point_id")}`);
  const [exchange] = held;
  if (!exchange) throw new StoreError("exchange.not-found", "there is no such exchange");
  if (bytes.length > photoBytesMax) throw new StoreError("photo.too-large", `${bytes.length} bytes`);
  const media = mediaOf(bytes);
  if (!media) throw new StoreError("photo.unreadable", "neither JPEG, PNG nor WebP");
  const sha256 = digest.toString("hex");
  if (exchange.same !== null) return { photoId: exchange.same, sha256 };
  if (exchange.photos >= photosMax) throw new StoreError("photo.too-many", `${photosMax} at most`);
  const { rows } = await db.query<{ photoId: number }>(sql`
    insert into meter_exchange_photo (meter_exchange_id, file_name, media, sha256, bytes, added_by, added_at)
    values (${exchangeId}, ${photo.fileName}, ${media}, ${digest}, ${bytes}, ${given.by}, ${instant(given.nowMs)})
    returning meter_exchange_photo_id as "photoId"`);
  return { photoId: rows[0]!.photoId, sha256 };
}

/** A picture with its bytes, of an exchange within the scope. */
export async function readPhoto(
  db: Queryable,
  scope: Scope,
  photoId: number,
): Promise<{ readonly fileName: string; readonly media: string; readonly bytes: Buffer } | undefined> {
  const { rows } = await db.query<{ fileName: string; media: string; bytes: Buffer }>(sql`
    select file_name as "fileName", media, bytes from meter_exchange_photo join meter_exchange using (meter_exchange_id)
    where meter_exchange_photo_id = ${photoId}::int and ${pointInScope(scope, "meter_exchange.point_id")}`);
  return rows[0];
}
