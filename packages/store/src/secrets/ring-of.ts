import { originOf } from "../audit/acting.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import type { KeyRing } from "./key-ring.ts";

const rings = new WeakMap<Queryable, KeyRing>();

/** From now on personal data of this database is sealed and opened by `ring`, whoever acts on it. */
export function holdKeyRing(db: Database, ring: KeyRing): void {
  rings.set(originOf(db), ring);
}

/** The ring of a database (not of a transaction of it). @throws StoreError `secret.key-missing` */
export function keyRingOf(db: Queryable): KeyRing {
  const ring = rings.get(originOf(db as Database));
  if (!ring)
    throw new StoreError("secret.key-missing", "personal data cannot be opened: no master key is given");
  return ring;
}
