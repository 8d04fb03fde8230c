import { type Account, accountColumns } from "./accounts.ts";
import type { Queryable } from "./database.ts";
import { instant, sql } from "./sql.ts";

export interface ApiToken {
  readonly tokenId: number;
  readonly label: string;
  readonly actions: readonly string[];
  /** Networks it may be used from, as CIDR; none: from anywhere. */
  readonly addresses: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lastUsedAt: number | null;
  readonly lastAddress: string | null;
}

const tokenColumns = sql`token_id as "tokenId", label, actions, addresses::text[] as addresses,
  api_token.created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt", last_address as "lastAddress"`;

export async function addApiToken(
  db: Queryable,
  token: {
    accountId: number;
    label: string;
    sha256: Uint8Array;
    actions: readonly string[];
    addresses: readonly string[];
    nowMs: number;
    expiresAtMs: number;
  },
): Promise<ApiToken> {
  const { rows } = await db.query<ApiToken>(sql`
    insert into api_token (account_id, label, token_sha256, actions, addresses, created_at, expires_at)
    values (${token.accountId}, ${token.label}, ${token.sha256}, ${token.actions},
            (select coalesce(array_agg(network(address::inet)), '{}') from unnest(${token.addresses}::text[]) as address),
            ${instant(token.nowMs)}, ${instant(token.expiresAtMs)})
    returning ${tokenColumns}`);
  return rows[0]!;
}

export async function listApiTokens(db: Queryable, accountId: number): Promise<ApiToken[]> {
  const { rows } = await db.query<ApiToken>(
    sql`select ${tokenColumns} from api_token where account_id = ${accountId} order by token_id`,
  );
  return rows;
}

export async function removeApiToken(
  db: Queryable,
  { accountId, tokenId }: { accountId: number; tokenId: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    sql`delete from api_token where token_id = ${tokenId} and account_id = ${accountId}`,
  );
  return rowCount === 1;
}

/** A token's use is written down at most once in this time. */
const touchEveryMs = 60_000;

export interface FoundToken {
  readonly account: Account;
  readonly tokenId: number;
  readonly actions: readonly string[];
  /** Whether it may be used from where it was used. */
  readonly addressAllowed: boolean;
}

/** The token with this hash, while it lasts and its owner may sign in. */
export async function findApiToken(
  db: Queryable,
  { sha256, address, nowMs }: { sha256: Uint8Array; address: string; nowMs: number },
): Promise<FoundToken | undefined> {
  const { rows } = await db.query<
    Account & Omit<FoundToken, "account"> & { lastUsedAt: number | null; lastAddress: string | null }
  >(sql`
    select ${accountColumns}, token_id as "tokenId", actions, last_used_at as "lastUsedAt", last_address as "lastAddress",
           cardinality(addresses) = 0 or ${address}::inet <<= any(addresses) as "addressAllowed"
    from api_token join account using (account_id)
    where token_sha256 = ${sha256} and not disabled and source_refused_at is null
      and expires_at > ${instant(nowMs)}::timestamptz`);
  const row = rows[0];
  if (!row) return undefined;
  const { tokenId, actions, addressAllowed, lastUsedAt, lastAddress, ...account } = row;
  if (addressAllowed && (nowMs - (lastUsedAt ?? 0) >= touchEveryMs || lastAddress !== address)) {
    await db.query(sql`
      update api_token set last_used_at = ${instant(nowMs)}, last_address = ${address} where token_id = ${tokenId}`);
  }
  return { account, tokenId, actions, addressAllowed };
}
