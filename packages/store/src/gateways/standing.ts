import { trusted } from "../sql.ts";

/**
 * How a concentrator stands. `online`: it has a line, or lost one less than five minutes ago (it calls again by itself); `shutdown`: it
 * said that it would go; `silent`: neither; `quarantine`: it called and nobody has adopted it; `retired`: no longer ours.
 */
export const concentratorStates = ["online", "silent", "shutdown", "quarantine", "retired"] as const;
export type ConcentratorState = (typeof concentratorStates)[number];

/** Whether `gateway as g` has a line to one of our head-ends now. */
export const gatewayHasLine = trusted(`
  exists (select from link where link.device_id = g.device_id and link.state = 'open' and link.leased_until > now())`);

/** When `gateway as g` was last heard of; its own device is `d`. */
export const gatewayContactAt = trusted("greatest(g.announced_at, d.last_contact_at)");

/** How `gateway as g` with its own `device as d` stands: the one rule for every list, page and count. */
export const gatewayStanding = trusted(`
  case when g.state <> 'adopted' then g.state
       when ${gatewayHasLine.text} then 'online'
       when g.shutdown_announced_at is not null then 'shutdown'
       when ${gatewayContactAt.text} > now() - interval '5 minutes' then 'online'
       else 'silent' end`);
