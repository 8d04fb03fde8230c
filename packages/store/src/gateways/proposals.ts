import { queueAttempt } from "../attempts.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import type { Scope } from "../scope.ts";
import { sql, trusted } from "../sql.ts";
import { lockAdopted } from "./ownership.ts";

export type ProposalState = "queued" | "sent" | "confirmed" | "rolled-back" | "refused" | "cancelled";

/** Settings that may be changed from here: the schedule, and the limits that the agreement names. Each with its borders. */
export const gatewaySettings = {
  "schedule.registersEverySeconds": [60, 86_400],
  "schedule.profilesEverySeconds": [60, 86_400],
  "schedule.eventsEverySeconds": [60, 86_400],
  "schedule.sealEverySeconds": [900, 86_400],
  "schedule.scanEverySeconds": [60, 2_592_000],
  "schedule.clocksEverySeconds": [60, 2_592_000],
  "schedule.profileBackDays": [1, 366],
  "store.keepDays": [1, 3_660],
  "centre.heartbeatSeconds": [5, 3_600],
} as const satisfies Record<string, readonly [min: number, max: number]>;
export type GatewaySetting = keyof typeof gatewaySettings;
export const gatewaySettingNames = Object.keys(gatewaySettings) as GatewaySetting[];

export interface SettingChange {
  readonly setting: GatewaySetting;
  /** Null: the concentrator's own default. */
  readonly from: number | null;
  readonly to: number;
}

/** One proposal as pages show it; instants are epoch ms. */
export interface GatewayProposal {
  readonly proposalId: number;
  readonly state: ProposalState;
  readonly changes: readonly SettingChange[];
  readonly proposedBy: string;
  readonly proposedAt: number;
  readonly reason: string;
  readonly sentAt: number | null;
  readonly endedAt: number | null;
  readonly error: string;
}

type Settings = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** The settings of a configuration; those that it leaves out are absent: the concentrator takes its own. */
export function settingsOf(configuration: string | null): Partial<Record<GatewaySetting, number>> {
  let value: Settings;
  try {
    value = JSON.parse(configuration ?? "{}");
  } catch {
    return {};
  }
  const found: Partial<Record<GatewaySetting, number>> = {};
  for (const setting of gatewaySettingNames) {
    const [group, name] = setting.split(".") as [string, string];
    const each = value?.[group]?.[name];
    if (typeof each === "number") found[setting] = each;
  }
  return found;
}

/** A proposal `p` whose request was cancelled, or ended before the concentrator took it. */
const isAbandoned = trusted(`
  (p.state = 'queued' and not exists (select from attempt as a join gateway as own on own.device_id = a.device_id
    where own.gateway_id = p.gateway_id and a.cause = 'gateway' and a.state in ('queued', 'connecting', 'reading', 'storing')
      and (a.request->'gateway'->>'proposalId')::int = p.gateway_proposal_id))`);

/**
 * Proposes other settings to a concentrator: the configuration that was read last, with these changes. It is sent over its line, tried, and
 * confirmed over the next one, or rolled back by the concentrator.
 * @throws StoreError `gateway.not-found`, `gateway.not-adopted`, `gateway.no-configuration` before it was read, `gateway.proposal-open`,
 *   `gateway.no-change`
 */
export async function proposeSettings(
  db: Database,
  scope: Scope,
  gatewayId: number,
  given: {
    readonly settings: Partial<Record<GatewaySetting, number>>;
    readonly reason: string;
    readonly by: string;
  },
): Promise<{ readonly proposalId: number; readonly attemptId: number }> {
  return db.transaction(async (transaction) => {
    const { deviceId } = await lockAdopted(transaction, scope, gatewayId);
    await transaction.query(sql`
      update gateway_proposal as p set state = 'cancelled', ended_at = now()
      where p.gateway_id = ${gatewayId}::int and ${isAbandoned}`);
    const { rows } = await transaction.query<{ configuration: string | null; open: boolean }>(sql`
      select configuration, exists (select from gateway_proposal as p
        where p.gateway_id = ${gatewayId}::int and p.state in ('queued', 'sent')) as open
      from gateway where gateway_id = ${gatewayId}::int`);
    const { configuration, open } = rows[0]!;
    if (configuration === null)
      throw new StoreError("gateway.no-configuration", "its configuration was never read");
    if (open) throw new StoreError("gateway.proposal-open", "another configuration is on its way");
    const known = settingsOf(configuration);
    const changes = gatewaySettingNames.flatMap((setting): SettingChange[] => {
      const to = given.settings[setting];
      return to === undefined || to === known[setting] ? [] : [{ setting, from: known[setting] ?? null, to }];
    });
    if (changes.length === 0) throw new StoreError("gateway.no-change", "these are its settings already");
    const text = withSettings(configuration, changes);
    const { rows: made } = await transaction.query<{ id: number }>(sql`
      insert into gateway_proposal (gateway_id, text, before, changes, proposed_by, reason)
      values (${gatewayId}::int, ${text}, ${configuration}, ${JSON.stringify(changes)}::jsonb, ${given.by}, ${given.reason})
      returning gateway_proposal_id as id`);
    const attemptId = await queueAttempt(transaction, {
      deviceId,
      cause: "gateway",
      request: { gateway: { action: "configure", text, proposalId: made[0]!.id } },
      requestedBy: given.by,
    });
    return { proposalId: made[0]!.id, attemptId };
  });
}

function withSettings(configuration: string, changes: readonly SettingChange[]): string {
  const value = JSON.parse(configuration) as Record<string, Record<string, unknown>>;
  for (const { setting, to } of changes) {
    const [group, name] = setting.split(".") as [string, string];
    value[group] = { ...value[group], [name]: to };
  }
  return JSON.stringify(value);
}

/** The concentrator took it, over the line with this fence: it is confirmed over another one. */
export async function recordProposalSent(db: Queryable, proposalId: number, fence: number): Promise<void> {
  await db.query(sql`
    update gateway_proposal set state = 'sent', sent_at = now(), fence = ${fence}::bigint
    where gateway_proposal_id = ${proposalId}::int and state = 'queued'`);
}

/** What became of a proposal in the end. */
export async function endProposal(
  db: Queryable,
  proposalId: number,
  state: "confirmed" | "rolled-back" | "refused",
  error = "",
): Promise<void> {
  await db.query(sql`
    update gateway_proposal set state = ${state}, ended_at = now(), error = ${error.slice(0, 2_000)}
    where gateway_proposal_id = ${proposalId}::int and state in ('queued', 'sent')`);
}

/** The proposal that a concentrator tries now, if one was sent over another line than this. */
export async function findProposalToConfirm(
  db: Queryable,
  gatewayId: number,
  fence: number,
): Promise<
  | { readonly proposalId: number; readonly sentAt: number; readonly changes: readonly SettingChange[] }
  | undefined
> {
  const { rows } = await db.query<{ proposalId: number; sentAt: number; changes: SettingChange[] }>(sql`
    select gateway_proposal_id as "proposalId", sent_at as "sentAt", changes from gateway_proposal
    where gateway_id = ${gatewayId}::int and state = 'sent' and fence is distinct from ${fence}::bigint`);
  return rows[0];
}

/** Proposals of one concentrator, the newest first. One whose request was cancelled or failed before it was taken is over. */
export async function listProposals(
  db: Queryable,
  gatewayId: number,
  limit: number,
): Promise<GatewayProposal[]> {
  const { rows } = await db.query<GatewayProposal>(sql`
    select gateway_proposal_id as "proposalId", case when ${isAbandoned} then 'cancelled' else state end as state, changes, proposed_by as "proposedBy", proposed_at as "proposedAt", reason,
      sent_at as "sentAt", ended_at as "endedAt", error
    from gateway_proposal as p where gateway_id = ${gatewayId}::int order by proposed_at desc, gateway_proposal_id desc limit ${limit}::int`);
  return rows;
}
