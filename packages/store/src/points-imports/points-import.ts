import { createHash } from "node:crypto";
import type { Queryable } from "../database.ts";
import type { InventoryPoint } from "../inventory.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { sql } from "../sql.ts";

export const pointsImportStates = ["checked", "running", "done", "undoing", "undone"] as const;
export type PointsImportState = (typeof pointsImportStates)[number];

/** The file as it came, and cells that somebody corrected in it: by line, then by the name of the column. */
export interface ImportContent {
  readonly text: string;
  readonly fixes: readonly (readonly [line: number, cells: Readonly<Record<string, string>>])[];
}

/** A file of points that somebody brought. Instants are epoch ms. */
export interface PointsImport {
  readonly pointsImportId: number;
  readonly name: string;
  readonly lines: number;
  /** Place of the column by what it holds. */
  readonly mapping: Readonly<Record<string, number>>;
  readonly state: PointsImportState;
  readonly madeBy: string;
  readonly madeAt: number;
  readonly jobId: number | null;
}

/** What was there before a line was stored. */
export interface LineBefore {
  readonly line: number;
  readonly isNew: boolean;
  /** Of a new point its code alone. */
  readonly point: InventoryPoint | { readonly pod: string };
}

const columns = sql`
  points_import_id as "pointsImportId", name, lines, mapping, state, made_by as "madeBy", made_at as "madeAt", job_id as "jobId"`;
const place = (row: number) => ({ table: "points_import", row, kind: "personal" }) as const;
const linePlace = (row: number) => ({ table: "points_import_line", row, kind: "personal" }) as const;

/** Keeps a file, sealed. */
export async function createPointsImport(
  db: Queryable,
  ring: KeyRing,
  given: {
    readonly name: string;
    readonly lines: number;
    readonly mapping: Readonly<Record<string, number>>;
    readonly text: string;
    /** Head line of the file: a later one with the same is mapped alike. */
    readonly header: readonly string[];
    readonly by: string;
  },
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    sql`select nextval(pg_get_serial_sequence('points_import', 'points_import_id'))::int as id`,
  );
  const { id } = rows[0]!;
  const content: ImportContent = { text: given.text, fixes: [] };
  const [sealed] = await ring.sealFields([{ place: place(id), secret: JSON.stringify(content) }]);
  await db.query(sql`
    insert into points_import (points_import_id, name, lines, mapping, sealed, made_by, head) overriding system value
    values (${id}::int, ${given.name}, ${given.lines}::int, ${JSON.stringify(given.mapping)}::jsonb, ${sealed!}, ${given.by}, ${headHash(given.header)})`);
  return id;
}

const headHash = (header: readonly string[]): Buffer =>
  createHash("sha256").update(JSON.stringify(header)).digest();

/** The mapping of the newest file with this head line that was stored: what somebody once put right need not be put right again. */
export async function findImportProfile(
  db: Queryable,
  header: readonly string[],
): Promise<Readonly<Record<string, number>> | undefined> {
  const { rows } = await db.query<{ mapping: Readonly<Record<string, number>> }>(sql`
    select mapping from points_import where head = ${headHash(header)} and state <> 'checked'
    order by points_import_id desc limit 1`);
  return rows[0]?.mapping;
}

/** The newest files first. */
export async function listPointsImports(db: Queryable, limit: number): Promise<PointsImport[]> {
  const { rows } = await db.query<PointsImport>(
    sql`select ${columns} from points_import order by points_import_id desc limit ${limit}`,
  );
  return rows;
}

/** One file with its content, or `undefined`. @throws StoreError `secret.unreadable` */
export async function findPointsImport(
  db: Queryable,
  ring: KeyRing,
  pointsImportId: number,
): Promise<(PointsImport & ImportContent) | undefined> {
  const { rows } = await db.query<PointsImport & { sealed: Buffer }>(
    sql`select ${columns}, sealed from points_import where points_import_id = ${pointsImportId}::int`,
  );
  const [row] = rows;
  if (!row) return undefined;
  const { sealed, ...found } = row;
  const [text] = await ring.openTexts([{ place: place(pointsImportId), sealed }]);
  return { ...found, ...(JSON.parse(text!) as ImportContent) };
}

/** Writes another mapping or corrected cells, as long as nothing was stored. `false` when it is too late for that. */
export async function changePointsImport(
  db: Queryable,
  ring: KeyRing,
  pointsImportId: number,
  next: { readonly mapping: Readonly<Record<string, number>>; readonly content: ImportContent },
): Promise<boolean> {
  const [sealed] = await ring.sealFields([
    {
      place: place(pointsImportId),
      secret: JSON.stringify({ text: next.content.text, fixes: next.content.fixes }),
    },
  ]);
  const { rowCount } = await db.query(sql`
    update points_import set mapping = ${JSON.stringify(next.mapping)}::jsonb, sealed = ${sealed!}
    where points_import_id = ${pointsImportId}::int and state = 'checked'`);
  return rowCount === 1;
}

/** Goes from one state to the next; `false` when it was in none of `from`, or another job than `seenJobId` has it meanwhile. */
export async function markPointsImport(
  db: Queryable,
  pointsImportId: number,
  {
    from,
    to,
    jobId,
    seenJobId,
  }: {
    from: readonly PointsImportState[];
    to: PointsImportState;
    jobId?: number;
    seenJobId?: number | null;
  },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update points_import set state = ${to}, job_id = coalesce(${jobId ?? null}::bigint, job_id)
    where points_import_id = ${pointsImportId}::int and state = any(${from}::text[])
      and (${seenJobId === undefined}::boolean or job_id is not distinct from ${seenJobId ?? null}::bigint)`);
  return rowCount === 1;
}

/** Notes what is there before lines are stored. A line that is noted already keeps its note: the first look counts. */
export async function noteLinesBefore(
  db: Queryable,
  ring: KeyRing,
  pointsImportId: number,
  lines: readonly LineBefore[],
): Promise<void> {
  if (lines.length === 0) return;
  const { rows } = await db.query<{ id: number }>(sql`
    select nextval(pg_get_serial_sequence('points_import_line', 'points_import_line_id'))::bigint as id
    from generate_series(1, ${lines.length}::int)`);
  const sealed = await ring.sealFields(
    lines.map(({ point }, nth) => ({ place: linePlace(rows[nth]!.id), secret: JSON.stringify(point) })),
  );
  await db.query(sql`
    insert into points_import_line (points_import_line_id, points_import_id, line, is_new, sealed) overriding system value
    select id, ${pointsImportId}::int, line, is_new, sealed
    from unnest(${rows.map(({ id }) => id)}::bigint[], ${lines.map(({ line }) => line)}::int[],
      ${lines.map(({ isNew }) => isNew)}::boolean[], ${sealed}::bytea[]) as noted (id, line, is_new, sealed)
    on conflict (points_import_id, line) do nothing`);
}

/** What was noted, the last line first: the order in which it is taken back. */
export async function listLinesBefore(
  db: Queryable,
  ring: KeyRing,
  pointsImportId: number,
): Promise<LineBefore[]> {
  const { rows } = await db.query<{ id: number; line: number; isNew: boolean; sealed: Buffer }>(sql`
    select points_import_line_id as id, line, is_new as "isNew", sealed from points_import_line
    where points_import_id = ${pointsImportId}::int order by line desc`);
  const texts = await ring.openTexts(rows.map(({ id, sealed }) => ({ place: linePlace(id), sealed })));
  return rows.map(({ line, isNew }, nth) => ({ line, isNew, point: JSON.parse(texts[nth]!) }));
}
