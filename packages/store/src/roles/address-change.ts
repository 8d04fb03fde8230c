import type { Queryable } from "../database.ts";
import { notify } from "../live.ts";
import { sql } from "../sql.ts";
import type { RoleTrial } from "./trial.ts";

/** Where a database is, without a user and a password: those of the roles lie in the data folder. */
export interface AddressPlace {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** `verified`: ciphered, and its certificate must be good for the host. */
  readonly tls: "none" | "verified";
}

/**
 * Another address of the database, from asking to the next start: `asked` to be tried by the launcher, `tried`, `chosen` by somebody,
 * `written` for the next start, or `refused`.
 */
export interface AddressChange {
  /** Tells one from the next. */
  readonly id: string;
  readonly state: "asked" | "tried" | "chosen" | "written" | "refused";
  readonly place: AddressPlace;
  readonly by: string;
  readonly askedAtMs: number;
  readonly triedAtMs?: number;
  readonly good?: boolean;
  readonly roles?: readonly RoleTrial[];
  readonly code?: string;
}

export function addressOfDatabase({ host, port, database, tls }: AddressPlace): string {
  const name = host.includes(":") ? `[${host}]` : host;
  const mode = tls === "verified" ? "verify-full" : "disable";
  return `postgres://${name}:${port}/${encodeURIComponent(database)}?sslmode=${mode}`;
}

const settingName = "database-address";

export async function readAddressChange(db: Queryable): Promise<AddressChange | undefined> {
  const { rows } = await db.query<{ value: AddressChange }>(
    sql`select value from setting where name = ${settingName}`,
  );
  return rows[0]?.value;
}

/** Asks the launcher to try an address; what was asked before is forgotten. */
export async function askAddress(
  db: Queryable,
  asked: Pick<AddressChange, "id" | "place" | "by" | "askedAtMs">,
): Promise<void> {
  const value: AddressChange = { ...asked, state: "asked" };
  await db.query(sql`
    insert into setting (name, value) values (${settingName}, ${JSON.stringify(value)}::jsonb)
    on conflict (name) do update set value = excluded.value, changed_at = now()`);
  await notify(db, "energsys_supervisor", { type: "database-address" });
}

/** False when the address was not tried well, or too long ago, or another one is asked for by now. */
export async function chooseAddress(
  db: Queryable,
  chosen: { readonly id: string; readonly by: string; readonly nowMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update setting set value = value || ${JSON.stringify({ state: "chosen", by: chosen.by })}::jsonb, changed_at = now()
    where name = ${settingName} and value ->> 'id' = ${chosen.id} and value ->> 'state' = 'tried' and value -> 'good' = 'true'
      and (value ->> 'triedAtMs')::bigint > ${chosen.nowMs - trialHoldsMs}`);
  if (rowCount === 0) return false;
  await notify(db, "energsys_supervisor", { type: "database-address" });
  return true;
}

/** So long a trial is believed; the launcher repeats it before it writes. */
const trialHoldsMs = 15 * 60_000;

/** What the launcher found or did. Nothing when another address is asked for by now. */
export async function changeAddressState(
  db: Queryable,
  id: string,
  found: Pick<AddressChange, "state" | "good" | "roles" | "code">,
): Promise<void> {
  const value = { ...found, triedAtMs: Date.now() };
  await db.query(sql`
    update setting set value = value || ${JSON.stringify(value)}::jsonb, changed_at = now()
    where name = ${settingName} and value ->> 'id' = ${id}`);
}
