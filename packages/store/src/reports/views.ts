import type { Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { instant, sql } from "../sql.ts";

/** A page of the analysis with what its address says: who opens it sees what their own rights show. */
export interface SavedView {
  readonly savedViewId: number;
  readonly name: string;
  readonly page: string;
  readonly search: Readonly<Record<string, unknown>>;
  readonly owner: string;
  readonly mine: boolean;
  readonly shared: boolean;
}

/** Views of one's own and those that others share with everybody. */
export async function listSavedViews(
  db: Queryable,
  accountId: number,
  page: string | undefined,
): Promise<SavedView[]> {
  const { rows } = await db.query<SavedView>(sql`
    select saved_view_id as "savedViewId", v.name, page, search, account.name as owner, v.owner_id = ${accountId}::int as mine, shared
    from saved_view as v join account on account_id = v.owner_id
    where v.removed_at is null and (v.owner_id = ${accountId}::int or shared)
      and (${page ?? null}::text is null or page = ${page ?? null})
    order by v.name collate "ro-x-icu", saved_view_id limit 500`);
  return rows;
}

/** Keeps a view under a name; one's own of that name and page is replaced. */
export async function saveView(
  db: Queryable,
  view: Pick<SavedView, "name" | "page" | "search" | "shared"> & { readonly accountId: number },
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(sql`
    insert into saved_view (owner_id, name, page, search, shared)
    values (${view.accountId}::int, ${view.name}, ${view.page}, ${JSON.stringify(view.search)}::jsonb, ${view.shared})
    on conflict (owner_id, page, lower(name)) where removed_at is null
    do update set search = excluded.search, shared = excluded.shared, name = excluded.name
    returning saved_view_id as id`);
  return rows[0]!.id;
}

export async function removeView(
  db: Queryable,
  given: { readonly savedViewId: number; readonly accountId: number; readonly nowMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update saved_view set removed_at = ${instant(given.nowMs)}::timestamptz
    where saved_view_id = ${given.savedViewId}::int and owner_id = ${given.accountId}::int and removed_at is null`);
  return rowCount === 1;
}

/** @throws StoreError `report.name-taken` when another view has the name by now */
export async function restoreView(
  db: Queryable,
  given: { readonly savedViewId: number; readonly accountId: number },
): Promise<boolean> {
  try {
    const { rowCount } = await db.query(sql`
      update saved_view set removed_at = null
      where saved_view_id = ${given.savedViewId}::int and owner_id = ${given.accountId}::int and removed_at is not null`);
    return rowCount === 1;
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw new StoreError("report.name-taken", "another view of that person has the name", error);
  }
}
