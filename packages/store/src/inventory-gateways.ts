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

/**
 * Registers concentrators as adopted and binds their meters to them: when one calls and tells a meter of that name, its readings are the
 * meter's without anybody's hand. Such a meter is in no reading plan, since the concentrator reads it on its own schedule. Repeating it
 * changes nothing; the number that a concentrator gave to a meter stays. Gives how many concentrators came.
 */
export async function storeGateways(
  db: Queryable,
  gateways: readonly InventoryGateway[],
  branchOf: (path: readonly string[]) => number | undefined,
): Promise<number> {
  if (gateways.length === 0) return 0;
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
  const meters = gateways.flatMap(({ meters }) => meters);
  const gatewayIds = gateways.flatMap(({ meters }, nth) => meters.map(() => ids[nth]));
  await db.query(sql`
    with incoming as (
      select device.device_id, i.gateway_id, told.logical_device
      from unnest(${meters}::text[], ${gatewayIds}::int[]) as i (identity, gateway_id)
      join device using (identity)
      left join gateway_meter as told on told.gateway_id = i.gateway_id and told.device_id = device.device_id
    ), bound as (
      update device set gateway_id = incoming.gateway_id, direction = 'call-in',
        url = coalesce('dlms+tcp://?client=2&server=' || logical_device, device.url)
      from incoming where incoming.device_id = device.device_id
        and (device.gateway_id, device.direction, device.url) is distinct from
          (incoming.gateway_id, 'call-in', coalesce('dlms+tcp://?client=2&server=' || logical_device, device.url))
    )
    delete from device_plan using incoming where device_plan.device_id = incoming.device_id`);
  // One that waits in quarantine is let go, to call again as what it is now.
  for (const { identity, state } of known) {
    const gatewayId = ids[identities.indexOf(identity)];
    if (state !== "adopted" && gatewayId !== undefined)
      await notify(db, "energsys_work", { type: "gateway-changed", gatewayId });
  }
  return gateways.length - known.length;
}
