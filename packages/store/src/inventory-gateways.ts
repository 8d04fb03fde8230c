import type { Queryable } from "./database.ts";
import { registerGateways } from "./gateways/registry.ts";
import { notify } from "./live.ts";
import { sql } from "./sql.ts";

/** A concentrator of an inventory, known before it calls. */
export interface InventoryGateway {
  /** `ENC` and 13 digits. */
  readonly identity: string;
  readonly name?: string;
  readonly branch: readonly string[];
  /** Identities of the devices behind it: the names that the concentrator gives to its meters. */
  readonly meters: readonly string[];
}

/** Concentrators as they are stored now, and which of them a device hangs on, by the device's identity. */
export interface StoredGateways {
  readonly added: number;
  readonly gatewayOf: ReadonlyMap<string, number>;
}

/**
 * Registers concentrators as adopted, before the meters behind them are stored: when one calls and tells a meter of a name that is bound
 * to it, its readings are the meter's without anybody's hand. Repeating it changes nothing.
 */
export async function storeGateways(
  db: Queryable,
  gateways: readonly InventoryGateway[],
  branchOf: (path: readonly string[]) => number | undefined,
): Promise<StoredGateways> {
  if (gateways.length === 0) return { added: 0, gatewayOf: new Map() };
  const identities = gateways.map(({ identity }) => identity);
  const { rows: known } = await db.query<{ identity: string; state: string }>(
    sql`select identity, state from gateway where identity = any(${identities}::text[])`,
  );
  const wanted = gateways.map(({ identity, name, branch }) => {
    const branchId = branchOf(branch);
    return {
      identity,
      ...(name === undefined ? {} : { name }),
      ...(branchId === undefined ? {} : { branchId }),
    };
  });
  const ids = await registerGateways(db, wanted, "import");
  // One that waits in quarantine is let go, to call again as what it is now.
  for (const { identity, state } of known) {
    const gatewayId = ids[identities.indexOf(identity)];
    if (state !== "adopted" && gatewayId !== undefined)
      await notify(db, "energsys_work", { type: "gateway-changed", gatewayId });
  }
  const gatewayOf = new Map(
    gateways.flatMap(({ meters }, nth) => meters.map((meter): [string, number] => [meter, ids[nth]!])),
  );
  return { added: gateways.length - known.length, gatewayOf };
}

/** A meter that a concentrator reads on its own schedule is in no reading plan. */
export async function leavePlans(db: Queryable, identities: readonly string[]): Promise<void> {
  if (identities.length === 0) return;
  await db.query(sql`
    delete from device_plan using device
    where device.identity = any(${identities}::text[]) and device_plan.device_id = device.device_id`);
}
