import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";
import type { KeyRing } from "./key-ring.ts";
import type { SecretPlace } from "./places.ts";
import type { Secret } from "./secret-value.ts";

/** Secrets of the client of a meter that may switch its supply. Only the dispatcher's key ring opens them. */
export const switchingKinds = ["authentication", "unicast", "lls-password", "hls-secret"] as const;
export type SwitchingKind = (typeof switchingKinds)[number];

const placeOf = (deviceId: number, kind: SwitchingKind): SecretPlace => ({
  table: "switching_secret",
  row: `${deviceId}/${kind}`,
  kind: "switching",
});

/** Stores secrets by the dispatcher's ring; one of the same kind is replaced. */
export async function storeSwitchingSecrets(
  db: Queryable,
  ring: KeyRing,
  given: readonly { readonly deviceId: number; readonly kind: SwitchingKind; readonly value: Uint8Array }[],
): Promise<void> {
  const sealed = await ring.sealFields(
    given.map(({ deviceId, kind, value }) => ({ place: placeOf(deviceId, kind), secret: value })),
  );
  const fingerprints = await ring.lookupHashes(
    "meter-key",
    given.map(({ value }) => value),
  );
  await db.query(sql`
    insert into switching_secret (device_id, kind, sealed, fingerprint)
    select * from unnest(${given.map(({ deviceId }) => deviceId)}::int[], ${given.map(({ kind }) => kind)}::text[],
      ${sealed}::bytea[], ${fingerprints.map((hash) => hash.subarray(0, 16))}::bytea[])
    on conflict (device_id, kind) do update
      set sealed = excluded.sealed, fingerprint = excluded.fingerprint, created_at = now()`);
}

/** @throws StoreError `secret.master-missing` for every ring but the dispatcher's */
export async function openSwitchingSecrets(
  db: Queryable,
  ring: KeyRing,
  deviceId: number,
): Promise<Map<SwitchingKind, Secret<Uint8Array>>> {
  const { rows } = await db.query<{ kind: SwitchingKind; sealed: Buffer }>(sql`
    select kind, sealed from switching_secret where device_id = ${deviceId}::int`);
  const secrets = new Map<SwitchingKind, Secret<Uint8Array>>();
  for (const { kind, sealed } of rows) {
    secrets.set(kind, await ring.openBytes(placeOf(deviceId, kind), sealed));
  }
  return secrets;
}
