import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";

/** What an operator decides about the work of validation. */
export interface ValidationPolicy {
  /** An edit that moves more energy than this waits for a second person, Wh. */
  readonly alonePerEditWh: number;
  /** The day of the next month at whose end the billing month closes. */
  readonly closingDay: number;
}

export const usualValidationPolicy: ValidationPolicy = { alonePerEditWh: 100_000, closingDay: 5 };

/** The policy in force, with the usual value for what was never set. */
export async function readValidationPolicy(db: Queryable): Promise<ValidationPolicy> {
  const { rows } = await db.query<{ value: Partial<ValidationPolicy> }>(
    sql`select value from setting where name = 'validation-policy'`,
  );
  return { ...usualValidationPolicy, ...rows[0]?.value };
}

export async function storeValidationPolicy(db: Queryable, policy: ValidationPolicy): Promise<void> {
  await db.query(sql`
    insert into setting (name, value) values ('validation-policy', ${JSON.stringify(policy)}::jsonb)
    on conflict (name) do update set value = excluded.value`);
}
