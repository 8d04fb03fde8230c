import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { type Actor, actorOptions, processActor } from "./audit/actor.ts";
import { isConnectionLost, StoreError } from "./errors.ts";
import { Listener } from "./listener.ts";
import type { Sql } from "./sql.ts";

export interface QueryResult<Row> {
  readonly rows: Row[];
  /** Rows written or returned. */
  readonly rowCount: number;
}

/** Runs statements: the database itself, or one transaction of it. */
export interface Queryable {
  /**
   * `date` comes back as `YYYY-MM-DD`, `timestamptz` as epoch ms (±Infinity for infinite), `bigint` as a number (ours stay below
   * 2^53; beyond that it throws), `numeric` as exact text, `bytea` as a Buffer.
   */
  query<Row = Record<string, unknown>>(statement: Sql): Promise<QueryResult<Row>>;
  /** The driver's client, for COPY. */
  withClient<Result>(work: (client: pg.ClientBase) => Promise<Result>): Promise<Result>;
}

export interface Database extends Queryable {
  /**
   * Commits when `work` resolves, rolls back when it throws. Not nested. `first` is SQL without parameters that goes out in one
   * message with `begin`, such as taking a lock; `work` gets the rows of its last statement.
   */
  transaction<Result>(
    work: (transaction: Queryable, first: readonly Record<string, unknown>[]) => Promise<Result>,
    options?: { readonly first?: string },
  ): Promise<Result>;
  /**
   * Hears what is sent by `notify`. The connection is opened anew when it breaks; `onResync` is called after each time, since
   * messages of the gap are lost. The returned function ends it.
   */
  listen(
    channel: string,
    onMessage: (payload: string) => void,
    onResync?: () => void,
  ): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most; 8 unless told. */
  readonly connectionsMax?: number;
  /** The server gives a statement up after this; 60 s unless told. The client waits 5 s longer. */
  readonly statementTimeoutMs?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
  /** The role that the connections act as, when it is not the one that signs in: one that it may take, such as `owner`. */
  readonly role?: "owner";
  /** Whom the activity log names for writes of these connections; the process (by `applicationName`) unless told. */
  readonly actor?: Actor;
  /** Personal data stands in the activity log as hashes under this key (`auditHashKey`), without it as `***`. */
  readonly hashKey?: Uint8Array | undefined;
  /** Hears of idle connections that broke; the pool has replaced them already. */
  readonly onConnectionError?: (error: Error) => void;
}

const { types: builtinTypes } = pg;

function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new StoreError("database.number-too-large", `bigint ${text} is beyond 2^53`);
  return value;
}

/** The session's zone is UTC, so the text ends in +00. */
function parseInstant(text: string): number {
  if (text === "infinity") return Number.POSITIVE_INFINITY;
  if (text === "-infinity") return Number.NEGATIVE_INFINITY;
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, "Z")}`);
}

const parsers = new Map<number, (text: string) => unknown>([
  [20, parseBigint],
  [1082, (text) => text],
  [1184, parseInstant],
]);

const types = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    (format === "binary" ? undefined : parsers.get(oid)) ?? builtinTypes.getTypeParser(oid, format as "text"),
} as pg.CustomTypesConfig;

const run = async <Row>(client: pg.ClientBase | pg.Pool, statement: Sql): Promise<QueryResult<Row>> => {
  const result = await client.query({
    text: statement.text,
    values: statement.values as unknown[],
    ...(statement.name === undefined ? {} : { name: statement.name }),
  });
  return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
};

/** How many connections a program may open, and how long it waits for a statement. */
export interface PoolSettings {
  readonly connectionsMax: number;
  readonly statementTimeoutMs: number;
}

/** A database whose pool can be exchanged while it is used. */
export interface ResizableDatabase extends Database {
  /**
   * From now on statements go through a new pool. What the old one was asked is done by it, under the settings of that time; then its
   * connections end.
   */
  resize(settings: PoolSettings): void;
}

class PooledDatabase implements ResizableDatabase {
  readonly #makePool: (settings: PoolSettings) => pg.Pool;
  readonly #listener: Listener;
  readonly #draining = new Set<Promise<void>>();
  #pool: pg.Pool;
  #closed: Promise<void> | undefined;

  constructor(makePool: (settings: PoolSettings) => pg.Pool, settings: PoolSettings, listener: Listener) {
    this.#makePool = makePool;
    this.#pool = makePool(settings);
    this.#listener = listener;
  }

  resize(settings: PoolSettings): void {
    if (this.#closed) return;
    const old = this.#pool;
    this.#pool = this.#makePool(settings);
    const drained: Promise<void> = drain(old).finally(() => this.#draining.delete(drained));
    this.#draining.add(drained);
  }

  query<Row>(statement: Sql): Promise<QueryResult<Row>> {
    return run<Row>(this.#pool, statement);
  }

  async withClient<Result>(work: (client: pg.ClientBase) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    // A client that breaks while it is lent reports by "error" too; unheard it would end the process.
    const ignore = () => {};
    client.on("error", ignore);
    let broken: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      if (isConnectionLost(error) || isTimeout(error)) broken = error as Error;
      throw error;
    } finally {
      client.off("error", ignore);
      client.release(broken);
    }
  }

  transaction<Result>(
    work: (transaction: Queryable, first: readonly Record<string, unknown>[]) => Promise<Result>,
    options: { readonly first?: string } = {},
  ): Promise<Result> {
    return this.withClient(async (client) => {
      try {
        const answers: pg.QueryResult | pg.QueryResult[] = await client.query(
          options.first ? `begin; ${options.first}` : "begin",
        );
        const transaction: Queryable = {
          query: (statement) => run(client, statement),
          withClient: (inner) => inner(client),
        };
        const result = await work(transaction, Array.isArray(answers) ? (answers.at(-1)?.rows ?? []) : []);
        await client.query("commit");
        return result;
      } catch (error) {
        // When the connection is gone the server has rolled back by itself; the first error is the one to tell.
        if (!isConnectionLost(error) && !isTimeout(error)) await client.query("rollback").catch(() => {});
        throw error;
      }
    });
  }

  listen(channel: string, onMessage: (payload: string) => void, onResync?: () => void) {
    return this.#listener.add(channel, onMessage, onResync);
  }

  close(): Promise<void> {
    this.#closed ??= Promise.all([this.#listener.close(), this.#pool.end(), ...this.#draining]).then(
      () => {},
    );
    return this.#closed;
  }
}

/** Ends a pool when nobody waits for it any more: one that is ended would never serve who waits for a connection. */
async function drain(pool: pg.Pool): Promise<void> {
  while (pool.waitingCount > 0) await wait(20);
  await pool.end();
}

/** The client gave up waiting: what the server still does with that connection is unknown, so it is not used again. */
const isTimeout = (error: unknown): boolean =>
  error instanceof Error && error.message === "Query read timeout";

/** Opens a pool of connections. Nothing is connected yet; a server that is away shows at the first statement. */
export function openDatabase(options: DatabaseOptions): ResizableDatabase {
  const applicationName = options.applicationName ?? "energsys";
  const actor = options.actor ?? processActor(applicationName);
  const config: pg.ClientConfig = {
    connectionString: options.url,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    options: `-c timezone=UTC -c datestyle=ISO,YMD -c intervalstyle=iso_8601 -c bytea_output=hex ${options.role === undefined ? "" : `-c role=${options.role} `}${actorOptions(actor, options.hashKey)}`,
    types,
  };
  const makePool = ({ connectionsMax, statementTimeoutMs }: PoolSettings) => {
    const pool = new pg.Pool({
      ...config,
      ...timeouts(statementTimeoutMs),
      max: connectionsMax,
      idleTimeoutMillis: 60_000,
    });
    pool.on("error", (error) => options.onConnectionError?.(error));
    return pool;
  };
  const { connectionsMax = 8, statementTimeoutMs = 60_000 } = options;
  return new PooledDatabase(
    makePool,
    { connectionsMax, statementTimeoutMs },
    new Listener({ ...config, ...timeouts(statementTimeoutMs) }),
  );
}

const timeouts = (statementTimeoutMs: number) => ({
  statement_timeout: statementTimeoutMs,
  query_timeout: statementTimeoutMs + 5_000,
});
