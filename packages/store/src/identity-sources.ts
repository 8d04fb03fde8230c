import type { Database, Queryable } from "./database.ts";
import { instant, sql } from "./sql.ts";

/** A directory or an OpenID provider. The shape of `settings` is the server's, by kind. */
export interface IdentitySource {
  readonly sourceId: number;
  readonly kind: "ldap" | "oidc";
  readonly label: string;
  readonly enabled: boolean;
  readonly settings: unknown;
  readonly sealedSecret: Buffer | null;
  readonly changedAt: number;
}

/** Members of the group hold the role from the branch down (`null`: everywhere), as long as they are members. */
export interface SourceGrant {
  readonly group: string;
  /** Name of the role, or the key of a ready-made one. */
  readonly role: string;
  readonly branchId: number | null;
}

const sourceColumns = sql`source_id as "sourceId", kind, label, enabled, settings, sealed_secret as "sealedSecret",
  changed_at as "changedAt"`;

export async function listIdentitySources(db: Queryable): Promise<IdentitySource[]> {
  const { rows } = await db.query<IdentitySource>(
    sql`select ${sourceColumns} from identity_source order by source_id`,
  );
  return rows;
}

export async function findIdentitySource(
  db: Queryable,
  sourceId: number,
): Promise<IdentitySource | undefined> {
  const { rows } = await db.query<IdentitySource>(
    sql`select ${sourceColumns} from identity_source where source_id = ${sourceId}`,
  );
  return rows[0];
}

/** Adds a source; `undefined` when the label is taken. */
export async function addIdentitySource(
  db: Queryable,
  source: { kind: "ldap" | "oidc"; label: string; enabled: boolean; settings: unknown; nowMs: number },
): Promise<number | undefined> {
  const { rows } = await db.query<{ sourceId: number }>(sql`
    insert into identity_source (kind, label, enabled, settings, changed_at)
    values (${source.kind}, ${source.label}, ${source.enabled}, ${JSON.stringify(source.settings)}::jsonb,
            ${instant(source.nowMs)})
    on conflict (label) do nothing returning source_id as "sourceId"`);
  return rows[0]?.sourceId;
}

/** Changes a source; its secret only when one is given. */
export async function changeIdentitySource(
  db: Queryable,
  source: {
    sourceId: number;
    label: string;
    enabled: boolean;
    settings: unknown;
    sealedSecret: Uint8Array | undefined;
    nowMs: number;
  },
): Promise<void> {
  await db.query(sql`
    update identity_source set label = ${source.label}, enabled = ${source.enabled},
      settings = ${JSON.stringify(source.settings)}::jsonb,
      sealed_secret = coalesce(${source.sealedSecret ?? null}::bytea, sealed_secret), changed_at = ${instant(source.nowMs)}
    where source_id = ${source.sourceId}`);
}

/** Removes a source; false when accounts hang on it: then it can only be switched off. */
export async function removeIdentitySource(db: Queryable, sourceId: number): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    delete from identity_source where source_id = ${sourceId}
      and not exists (select from account where account.source_id = identity_source.source_id)`);
  return rowCount === 1;
}

export async function readSourceGrants(db: Queryable, sourceId: number): Promise<SourceGrant[]> {
  const { rows } = await db.query<SourceGrant>(sql`
    select group_name as "group", role, branch_id as "branchId" from source_grant
    where source_id = ${sourceId} order by source_grant_id`);
  return rows;
}

export async function replaceSourceGrants(
  db: Database,
  { sourceId, grants }: { sourceId: number; grants: readonly SourceGrant[] },
): Promise<void> {
  const groups = grants.map((grant) => grant.group);
  const roles = grants.map((grant) => grant.role);
  const branchIds = grants.map((grant) => grant.branchId);
  await db.transaction(async (transaction) => {
    await transaction.query(sql`
      delete from source_grant where source_id = ${sourceId} and not exists (
        select from unnest(${groups}::text[], ${roles}::text[], ${branchIds}::int[]) as wanted (group_name, role, branch_id)
        where (wanted.group_name, wanted.role) = (source_grant.group_name, source_grant.role)
          and wanted.branch_id is not distinct from source_grant.branch_id)`);
    await transaction.query(sql`
      insert into source_grant (source_id, group_name, role, branch_id)
      select ${sourceId}::int, wanted.* from unnest(${groups}::text[], ${roles}::text[], ${branchIds}::int[]) as wanted
      on conflict do nothing`);
  });
}

/** Whether one of these groups has a role here; names of groups are the same whatever their case. */
export async function hasSourceGrant(
  db: Queryable,
  { sourceId, groups }: { sourceId: number; groups: readonly string[] },
): Promise<boolean> {
  const { rows } = await db.query<{ some: boolean }>(sql`
    select exists (select from source_grant where source_id = ${sourceId}
                   and lower(group_name) = any(select lower(unnest(${groups}::text[])))) as some`);
  return rows[0]!.some;
}

export interface OidcFlow {
  readonly sourceId: number;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Who is to show anew that it is they; `null` when the flow signs somebody in. */
  readonly provesAccountId: number | null;
}

/** Keeps what must match when a browser comes back from a provider. Flows that ended are swept out on the way. */
export async function keepOidcFlow(
  db: Queryable,
  flow: OidcFlow & { sha256: Uint8Array; nowMs: number; endsAtMs: number },
): Promise<void> {
  await db.query(sql`
    with swept as (delete from oidc_flow where expires_at < ${instant(flow.nowMs)}::timestamptz)
    insert into oidc_flow (flow_sha256, source_id, state, nonce, code_verifier, proves_account_id, expires_at)
    values (${flow.sha256}, ${flow.sourceId}, ${flow.state}, ${flow.nonce}, ${flow.codeVerifier}, ${flow.provesAccountId}::int,
            ${instant(flow.endsAtMs)})`);
}

/** The flow of that browser, used up by asking. */
export async function takeOidcFlow(
  db: Queryable,
  { sha256, nowMs }: { sha256: Uint8Array; nowMs: number },
): Promise<OidcFlow | undefined> {
  const { rows } = await db.query<OidcFlow & { expiresAt: number }>(sql`
    delete from oidc_flow where flow_sha256 = ${sha256}
    returning source_id as "sourceId", state, nonce, code_verifier as "codeVerifier",
      proves_account_id as "provesAccountId", expires_at as "expiresAt"`);
  const row = rows[0];
  if (!row || row.expiresAt <= nowMs) return undefined;
  const { expiresAt: _, ...flow } = row;
  return flow;
}
