import type { Database, PoolSettings, Queryable, ResizableDatabase } from "./database.ts";
import { StoreError } from "./errors.ts";
import type { DatabaseRole } from "./roles/privileges.ts";
import { sql } from "./sql.ts";

/** What a program brings, and within which bounds it can be set otherwise. */
interface PoolOfProgram {
  readonly role: DatabaseRole;
  readonly usual: PoolSettings;
  readonly connections: readonly [least: number, most: number];
  readonly timeoutMs: readonly [least: number, most: number];
  /** Connections that it opens beside its pool: to listen, to probe, to sum groups, to validate, to receive WAL. */
  readonly beside: number;
}

const program = (
  role: DatabaseRole,
  [connectionsMax, statementTimeoutMs]: readonly [number, number],
  bounds: Pick<PoolOfProgram, "connections" | "timeoutMs" | "beside">,
): PoolOfProgram => ({ role, usual: { connectionsMax, statementTimeoutMs }, ...bounds });

const minutes = (count: number) => count * 60_000;

/**
 * Programs with connections to the database, by the name under which they connect. A program that is missing here has a pool that
 * nobody can set, such as the server's probe, which must give up within 2 s whatever somebody wishes.
 */
export const poolsOfPrograms = {
  "energsys-server": program("app_web", [8, 20_000], {
    connections: [3, 200],
    timeoutMs: [5_000, minutes(10)],
    beside: 4,
  }),
  "energsys-server-housekeeping": program("app_web", [2, minutes(60)], {
    connections: [1, 8],
    timeoutMs: [minutes(1), minutes(600)],
    beside: 0,
  }),
  "energsys-jobs": program("app_jobs", [4, minutes(10)], {
    connections: [3, 50],
    timeoutMs: [minutes(1), minutes(600)],
    beside: 1,
  }),
  "energsys-headend": program("app_headend", [6, 60_000], {
    connections: [2, 200],
    timeoutMs: [10_000, minutes(30)],
    beside: 1,
  }),
  "energsys-dispatcher": program("app_dispatcher", [3, 2_000], {
    connections: [2, 20],
    timeoutMs: [1_000, minutes(1)],
    beside: 0,
  }),
  "energsys-backup": program("backup", [2, minutes(10)], {
    connections: [2, 8],
    timeoutMs: [minutes(1), minutes(600)],
    beside: 2,
  }),
  "energsys-launcher": program("app_jobs", [8, 60_000], {
    connections: [3, 50],
    timeoutMs: [5_000, minutes(60)],
    beside: 1,
  }),
} as const satisfies Record<string, PoolOfProgram>;

export type PoolProgram = keyof typeof poolsOfPrograms;
const poolPrograms = Object.keys(poolsOfPrograms) as PoolProgram[];
export const isPoolProgram = (name: string): name is PoolProgram => Object.hasOwn(poolsOfPrograms, name);

/** Connections that stay free for analysts, auditors, commands, and a pool that is exchanged by another. */
const sparedConnections = 12;

export interface PoolState extends PoolSettings {
  readonly program: PoolProgram;
  readonly role: DatabaseRole;
  readonly usual: PoolSettings;
  readonly connections: readonly [number, number];
  readonly timeoutMs: readonly [number, number];
  /** It is set otherwise than the program brings it. */
  readonly isSet: boolean;
  /** What taking the last change back would set. */
  readonly before: PoolSettings | null;
  readonly changedBy: string | null;
  readonly changedAt: number | null;
}

export interface PoolOverview {
  readonly pools: readonly PoolState[];
  /** Connections that all programs may open together, those beside their pools included. */
  readonly connectionsPlanned: number;
  /** What `connectionsPlanned` may be at most: what the server allows without those that are kept for owners, analysts and commands. */
  readonly connectionsFree: number;
}

interface StoredPool {
  readonly program: string;
  readonly connectionsMax: number;
  readonly statementTimeoutMs: number;
  readonly connectionsMaxBefore: number | null;
  readonly statementTimeoutMsBefore: number | null;
  readonly changedBy: string;
  readonly changedAt: number;
}

const readRows = async (db: Queryable): Promise<StoredPool[]> => {
  const { rows } = await db.query<StoredPool>(sql`
    select program, connections_max as "connectionsMax", statement_timeout_ms as "statementTimeoutMs",
      connections_max_before as "connectionsMaxBefore", statement_timeout_ms_before as "statementTimeoutMsBefore",
      changed_by as "changedBy", changed_at as "changedAt"
    from database_pool`);
  return rows;
};

/** The pools of all programs as they are set, and how many connections that makes. */
export async function readPools(db: Queryable): Promise<PoolOverview> {
  const stored = new Map((await readRows(db)).map((row) => [row.program, row]));
  const pools = poolPrograms.map((name): PoolState => {
    const { usual, role, connections, timeoutMs } = poolsOfPrograms[name];
    const row = stored.get(name);
    return {
      program: name,
      role,
      usual,
      connections,
      timeoutMs,
      connectionsMax: row?.connectionsMax ?? usual.connectionsMax,
      statementTimeoutMs: row?.statementTimeoutMs ?? usual.statementTimeoutMs,
      isSet: row !== undefined,
      before: row
        ? {
            connectionsMax: row.connectionsMaxBefore ?? usual.connectionsMax,
            statementTimeoutMs: row.statementTimeoutMsBefore ?? usual.statementTimeoutMs,
          }
        : null,
      changedBy: row?.changedBy ?? null,
      changedAt: row?.changedAt ?? null,
    };
  });
  const { rows } = await db.query<{ most: number }>(sql`
    select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - coalesce(current_setting('reserved_connections', true)::int, 0) as most`);
  const planned = pools.reduce(
    (sum, { program: name, connectionsMax }) => sum + connectionsMax + poolsOfPrograms[name].beside,
    0,
  );
  return {
    pools,
    connectionsPlanned: planned,
    connectionsFree: Math.max(0, (rows[0]?.most ?? 0) - sparedConnections),
  };
}

const within = (value: number, [least, most]: readonly [number, number]) =>
  Number.isInteger(value) && value >= least && value <= most;

/**
 * Sets the pool of a program; the program takes it over within ten seconds (`followPool`).
 * @throws StoreError `pool.out-of-bounds`, `pool.too-many-connections` when all programs together would open more than the server lets
 */
export async function storePool(
  db: Database,
  name: PoolProgram,
  settings: PoolSettings,
  by: string,
): Promise<void> {
  const { connections, timeoutMs } = poolsOfPrograms[name];
  if (!within(settings.connectionsMax, connections) || !within(settings.statementTimeoutMs, timeoutMs)) {
    throw new StoreError(
      "pool.out-of-bounds",
      `${name}: ${connections.join(" to ")} connections, ${timeoutMs.join(" to ")} ms a statement`,
    );
  }
  await db.transaction(async (transaction) => {
    // Two that are changed at once must be counted together.
    await transaction.query(sql`select pg_advisory_xact_lock(hashtextextended('energsys pools', 0))`);
    const before = (await readPools(transaction)).connectionsPlanned;
    await transaction.query(sql`
      insert into database_pool as pool (program, connections_max, statement_timeout_ms, changed_by)
      values (${name}, ${settings.connectionsMax}, ${settings.statementTimeoutMs}, ${by})
      on conflict (program) do update set
        connections_max = excluded.connections_max, statement_timeout_ms = excluded.statement_timeout_ms,
        connections_max_before = pool.connections_max, statement_timeout_ms_before = pool.statement_timeout_ms,
        changed_by = excluded.changed_by, changed_at = now()
      where (pool.connections_max, pool.statement_timeout_ms) is distinct from (excluded.connections_max, excluded.statement_timeout_ms)`);
    await refuseTooMany(transaction, before);
  });
}

/** Takes the last change of a program's pool back. @throws StoreError `pool.not-set`, `pool.too-many-connections` */
export async function undoPool(db: Database, name: PoolProgram, by: string): Promise<void> {
  await db.transaction(async (transaction) => {
    await transaction.query(sql`select pg_advisory_xact_lock(hashtextextended('energsys pools', 0))`);
    const before = (await readPools(transaction)).connectionsPlanned;
    const { rowCount } = await transaction.query(
      sql`delete from database_pool where program = ${name} and connections_max_before is null`,
    );
    if (rowCount === 0) {
      const { rowCount: changed } = await transaction.query(sql`
        update database_pool set connections_max = connections_max_before, statement_timeout_ms = statement_timeout_ms_before,
          connections_max_before = connections_max, statement_timeout_ms_before = statement_timeout_ms,
          changed_by = ${by}, changed_at = now()
        where program = ${name}`);
      if (changed === 0) throw new StoreError("pool.not-set", `${name} has what it brings`);
    }
    await refuseTooMany(transaction, before);
  });
}

/** What makes it fewer is never refused: the server may have been given fewer connections since. */
async function refuseTooMany(db: Queryable, plannedBefore: number): Promise<void> {
  const { connectionsPlanned, connectionsFree } = await readPools(db);
  if (connectionsPlanned > connectionsFree && connectionsPlanned > plannedBefore) {
    throw new StoreError(
      "pool.too-many-connections",
      `${connectionsPlanned} connections of all programs, and ${connectionsFree} are free for them`,
    );
  }
}

/**
 * Gives a program's connections the settings of its row, now and whenever it changes. Asked every ten seconds instead of told: a
 * notification is lost while the database is away, and three of the programs listen to nothing. `first` is done when the first look is.
 */
export function followPool(
  db: ResizableDatabase,
  name: PoolProgram,
  options: { readonly everyMs?: number; readonly onChange?: (settings: PoolSettings) => void } = {},
): { readonly first: Promise<void>; stop(): void } {
  const { usual } = poolsOfPrograms[name];
  let current: PoolSettings = usual;
  let asking = false;
  const look = async () => {
    if (asking) return;
    asking = true;
    try {
      const { rows } = await db.query<PoolSettings>(sql`
        select connections_max as "connectionsMax", statement_timeout_ms as "statementTimeoutMs"
        from database_pool where program = ${name}`);
      const wanted = rows[0] ?? usual;
      const isSame =
        wanted.connectionsMax === current.connectionsMax &&
        wanted.statementTimeoutMs === current.statementTimeoutMs;
      if (isSame) return;
      current = wanted;
      db.resize(wanted);
      options.onChange?.(wanted);
    } catch {
      // The database is away, or of an older release: the pool stays as it is until the next look.
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(() => void look(), options.everyMs ?? 10_000);
  timer.unref();
  return { first: look(), stop: () => clearInterval(timer) };
}
