import type { Queryable } from "../database.ts";
import { gatewayInScope, type Scope } from "../scope.ts";
import { sql } from "../sql.ts";
import { type ConcentratorState, gatewayContactAt, gatewayHasLine, gatewayStanding } from "./standing.ts";

type SeenState = "new" | "known" | "missing" | "moved" | "exchanged" | "removed";

/** How a meter behind a concentrator is reached, link by link, with what is known of each. Instants are epoch ms. */
export interface PointChain {
  readonly gatewayId: number;
  readonly gateway: string;
  readonly gatewayState: ConcentratorState;
  readonly gatewayContactAt: number | null;
  readonly hasLine: boolean;
  readonly line: string;
  readonly address: string;
  readonly module: string | null;
  readonly moduleState: SeenState | null;
  readonly input: number | null;
  readonly meterState: SeenState;
  /** Of the meter with the concentrator. */
  readonly meterContactAt: number | null;
}

/** The chain of the meter that a device is; `null` for one that is reached by itself, or through a concentrator of others. */
export async function findPointChain(
  db: Queryable,
  scope: Scope,
  deviceId: number,
): Promise<PointChain | null> {
  const { rows } = await db.query<PointChain>(sql`
    select g.gateway_id as "gatewayId", coalesce(nullif(g.name, ''), g.identity) as gateway, ${gatewayStanding} as "gatewayState",
      ${gatewayContactAt} as "gatewayContactAt", ${gatewayHasLine} as "hasLine", m.line, m.address, module.name as module,
      module.state as "moduleState", m.input, m.state as "meterState", m.last_contact_at as "meterContactAt"
    from device as own join gateway as g on g.gateway_id = own.gateway_id
    join gateway_meter as m on m.gateway_id = g.gateway_id and m.device_id = own.device_id
    left join gateway_meter as module on module.gateway_id = g.gateway_id and module.logical_device = m.module
    left join device as d on d.device_id = g.device_id
    where own.device_id = ${deviceId}::int and ${gatewayInScope(scope)} order by m.entry desc limit 1`);
  return rows[0] ?? null;
}
