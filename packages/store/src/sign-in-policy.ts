import type { Queryable } from "./database.ts";
import { sql } from "./sql.ts";

/** What an installation demands of passwords, accounts and sessions. */
export interface SignInPolicy {
  readonly passwordLengthMin: number;
  /** Words that no password may consist of or hold, beside the built-in list: the company's name, its places. */
  readonly blockedWords: readonly string[];
  /** An account that nobody used for so long is refused; `null`: never. Not the break-glass accounts. */
  readonly unusedDaysMax: number | null;
  readonly sessionIdleMinutes: number;
  readonly sessionHours: number;
  /** How long the wait between two guesses may grow. */
  readonly backOffSecondsMax: number;
  /** Who needs a second factor. */
  readonly factorFor: "nobody" | "roles" | "everybody";
  readonly factorRoles: readonly string[];
  /** Roles that need a security key: a code can be asked for by a false page, a key's answer cannot. */
  readonly keyRoles: readonly string[];
}

export const usualSignInPolicy: SignInPolicy = {
  passwordLengthMin: 12,
  blockedWords: [],
  unusedDaysMax: null,
  sessionIdleMinutes: 30,
  sessionHours: 12,
  backOffSecondsMax: 300,
  factorFor: "nobody",
  factorRoles: [],
  keyRoles: [],
};

/** The policy in force, with today's usual value for what was never set. */
export async function readSignInPolicy(db: Queryable): Promise<SignInPolicy> {
  const { rows } = await db.query<{ value: Partial<SignInPolicy> }>(
    sql`select value from setting where name = 'sign-in-policy'`,
  );
  return { ...usualSignInPolicy, ...rows[0]?.value };
}

export async function storeSignInPolicy(db: Queryable, policy: SignInPolicy): Promise<void> {
  await db.query(sql`
    insert into setting (name, value) values ('sign-in-policy', ${JSON.stringify(policy)}::jsonb)
    on conflict (name) do update set value = excluded.value`);
}
