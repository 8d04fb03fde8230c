import type pg from "pg";
import type { Database, Queryable, QueryResult } from "../database.ts";
import type { Sql } from "../sql.ts";
import { type Actor, setActor } from "./actor.ts";

/** Statements that only read go out as they are. A function that writes is called in a transaction. */
const writes = (statement: Sql): boolean =>
  /\b(?:insert|update|delete|merge|audit\.append)\b/i.test(statement.text);

class ActingDatabase implements Database {
  readonly origin: Database;
  readonly #actor: Actor;
  readonly #first: string;

  constructor(origin: Database, actor: Actor) {
    this.origin = origin;
    this.#actor = actor;
    this.#first = setActor(actor);
  }

  because(reason: string): Database {
    return new ActingDatabase(this.origin, { ...this.#actor, reason });
  }

  query<Row>(statement: Sql): Promise<QueryResult<Row>> {
    if (!writes(statement)) return this.origin.query<Row>(statement);
    return this.transaction((transaction) => transaction.query<Row>(statement));
  }

  transaction<Result>(
    work: (transaction: Queryable, first: readonly Record<string, unknown>[]) => Promise<Result>,
    options: { readonly first?: string } = {},
  ): Promise<Result> {
    const first = options.first === undefined ? this.#first : `${this.#first}; ${options.first}`;
    return this.origin.transaction(
      (transaction, rows) => work(transaction, options.first === undefined ? [] : rows),
      { first },
    );
  }

  /** The driver's client, which knows nothing of the actor: the process acts. */
  withClient<Result>(work: (client: pg.ClientBase) => Promise<Result>): Promise<Result> {
    return this.origin.withClient(work);
  }

  listen(channel: string, onMessage: (payload: string) => void, onResync?: () => void) {
    return this.origin.listen(channel, onMessage, onResync);
  }

  close(): Promise<void> {
    return this.origin.close();
  }
}

/**
 * The same database, whose writes the activity log ascribes to `actor`. A write outside a transaction gets one of its own: two round
 * trips more; a statement that only reads costs nothing.
 */
export const actingAs = (db: Database, actor: Actor): Database => new ActingDatabase(originOf(db), actor);

/** The same acting database, whose writes have a reason. */
export const because = (db: Database, reason: string): Database =>
  db instanceof ActingDatabase ? db.because(reason) : db;

/** The database behind those that act for somebody: what a process remembers of a database hangs on this one. */
export const originOf = (db: Database): Database => (db instanceof ActingDatabase ? db.origin : db);
