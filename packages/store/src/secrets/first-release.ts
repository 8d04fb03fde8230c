import type { DeviceSecret } from "@energsys/metering";
import type { Database } from "../database.ts";
import { keysOfSecret } from "../device-secret.ts";
import { StoreError } from "../errors.ts";
import { sql } from "../sql.ts";
import type { KeyProvider } from "./key-provider.ts";
import type { KeyRing } from "./key-ring.ts";
import { storeActiveKeys } from "./meter-keys.ts";

const batchMax = 500;

/**
 * Brings what release 0.1 sealed with the master key itself (`device.secret`) into `meter_key`, device by device. Running it
 * again finds nothing; a value that no master key opens stays where it is and is counted.
 */
export async function adoptFirstSecrets(
  db: Database,
  ring: KeyRing,
  provider: KeyProvider,
): Promise<{ adopted: number; unreadable: number }> {
  const open = provider.openWithMaster;
  const outcome = { adopted: 0, unreadable: 0 };
  for (let after = 0; ; ) {
    const { rows } = await db.query<{ deviceId: number; identity: string; secret: Buffer }>(sql`
      select device_id as "deviceId", identity, secret from device
      where secret is not null and device_id > ${after}::int order by device_id limit ${batchMax}::int`);
    const last = rows.at(-1);
    if (!last) return outcome;
    after = last.deviceId;
    for (const { deviceId, identity, secret } of rows) {
      const opened = open && openFirst(open, identity, secret);
      if (!opened) {
        outcome.unreadable++;
        continue;
      }
      await db.transaction(async (transaction) => {
        await storeActiveKeys(transaction, ring, keysOfSecret(deviceId, opened), { origin: "entered" });
        await transaction.query(sql`
          update device set secret = null where device_id = ${deviceId}::int and secret = ${secret}::bytea`);
      });
      outcome.adopted++;
    }
  }
}

/** By kinds, or as the password alone that came before there were kinds. */
function openFirst(
  open: NonNullable<KeyProvider["openWithMaster"]>,
  identity: string,
  sealed: Uint8Array,
): DeviceSecret | undefined {
  const tryOpen = (context: string) => {
    try {
      return open(context, sealed);
    } catch (error) {
      if (error instanceof StoreError) return undefined;
      throw error;
    }
  };
  const kinds = tryOpen(`device secret ${identity}`);
  if (kinds !== undefined) return JSON.parse(kinds) as DeviceSecret;
  const password = tryOpen(`device password ${identity}`);
  return password === undefined ? undefined : { password };
}
