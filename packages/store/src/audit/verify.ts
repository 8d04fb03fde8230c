import type { Database } from "../database.ts";
import { sql } from "../sql.ts";
import { copyEntries, type EntryReader } from "./canonical.ts";
import type { SignedHead } from "./heads.ts";

/** Why an entry is not what was written. */
export type LogFault =
  | "changed" // its hash is not that of its content
  | "unlinked" // it does not carry the hash of the one before it
  | "missing" // its number is not there
  | "rootless" // what it follows was taken out, and no root says so
  | "cut" // the log ends before it, and a head knows of it
  | "other-head"; // a head that was put outside names another hash for it

export interface LogVerdict {
  readonly ok: boolean;
  /** First and last number that was looked at; 0 when there was none. */
  readonly from: number;
  readonly to: number;
  readonly entries: number;
  /** Heads from outside that agree. */
  readonly heads: number;
  /** Heads of entries that retention took out: nothing can be said of them. */
  readonly headsBeforeRoot: number;
  readonly fault?: { readonly seq: number; readonly reason: LogFault };
  readonly durationMs: number;
}

/** Entries of one statement: few enough for its time-out, so many that asking costs nothing. */
const batch = 200_000;

/**
 * Computes the chain again from `from` to `to` (numbers of entries, both included) and says which entry is the first that is wrong.
 * That the newest entries were cut off shows by the head in the database, or, when that was changed too, only by `heads` from outside.
 */
export async function verifyLog(
  db: Database,
  options: { readonly from?: number; readonly to?: number; readonly heads?: readonly SignedHead[] } = {},
): Promise<LogVerdict> {
  const started = performance.now();
  const from = options.from ?? 1;
  const to = options.to ?? Number.MAX_SAFE_INTEGER;
  const heads = new Map<number, SignedHead[]>();
  for (const head of options.heads ?? []) heads.set(head.seq, [...(heads.get(head.seq) ?? []), head]);
  const walk = new Walk(heads);
  const verdict = (fault?: LogVerdict["fault"], headsBeforeRoot = 0): LogVerdict => ({
    ok: fault === undefined,
    from: walk.first,
    to: walk.last,
    entries: walk.entries,
    heads: walk.agreeing,
    headsBeforeRoot,
    ...(fault ? { fault } : {}),
    durationMs: performance.now() - started,
  });

  for (let start = from; ; start = walk.last + 1) {
    const before = walk.entries;
    const begins = walk.first === 0;
    await copyEntries(db, { from: start, to, limit: batch }, (read) => walk.take(read));
    if (begins && walk.first > 0) {
      const follows = await findFollowed(db, walk.first);
      if (follows === undefined) {
        const expected = Math.max(from, (await readNewestRoot(db, walk.first)) + 1);
        return verdict({ seq: expected, reason: expected < walk.first ? "missing" : "rootless" });
      }
      if (follows !== walk.firstFollows) return verdict({ seq: walk.first, reason: "unlinked" });
    }
    if (walk.fault) return verdict(walk.fault);
    if (walk.entries - before < batch) break;
  }

  let head = await readHead(db);
  // Others write meanwhile: what came after the last batch is looked at before it is called cut off.
  while (walk.first > 0 && to >= head.seq && head.seq > walk.last) {
    const before = walk.entries;
    await copyEntries(db, { from: walk.last + 1, to, limit: batch }, (read) => walk.take(read));
    if (walk.fault) return verdict(walk.fault);
    if (walk.entries === before) break;
    head = await readHead(db);
  }
  const end = walk.last || Math.max(await readNewestRoot(db, Number.MAX_SAFE_INTEGER), from - 1);
  const untilNow = to >= head.seq;
  const inRange = [...heads.keys()].filter((seq) => seq >= from && seq <= to).sort((a, b) => a - b);
  const beyond = inRange.find((seq) => seq > end);
  if (beyond !== undefined) return verdict({ seq: end + 1, reason: "cut" });
  if (untilNow && head.seq > end && from <= head.seq) return verdict({ seq: end + 1, reason: "cut" });
  if (untilNow && walk.last > 0 && (head.seq !== walk.last || head.hash !== walk.hash.toString("hex"))) {
    return verdict({ seq: walk.last, reason: "other-head" });
  }
  return verdict(undefined, inRange.filter((seq) => walk.first > 0 && seq < walk.first).length);
}

/** One entry after the other, until the first that is wrong. */
class Walk {
  readonly #heads: ReadonlyMap<number, readonly SignedHead[]>;
  /** Number of the first entry, 0 before it, and what it says that the entry before it had. */
  first = 0;
  firstFollows = "";
  /** Number and hash of the last entry that was good. */
  last = 0;
  readonly hash = Buffer.alloc(32);
  entries = 0;
  agreeing = 0;
  fault: { readonly seq: number; readonly reason: LogFault } | undefined;

  constructor(heads: ReadonlyMap<number, readonly SignedHead[]>) {
    this.#heads = heads;
  }

  take(read: EntryReader): void {
    while (this.fault === undefined && read.next()) this.fault = this.#look(read);
  }

  #look(read: EntryReader): Walk["fault"] {
    const { seq } = read;
    if (this.first === 0) {
      this.first = seq;
      this.firstFollows = read.prev.toString("hex");
    } else if (seq !== this.last + 1) {
      return seq > this.last ? { seq: this.last + 1, reason: "missing" } : { seq, reason: "unlinked" };
    } else if (!this.hash.equals(read.prev)) {
      return { seq, reason: "unlinked" };
    }
    if (!read.isIntact()) return { seq, reason: "changed" };
    for (const head of this.#heads.get(seq) ?? []) {
      if (head.hash !== read.hash.toString("hex")) return { seq, reason: "other-head" };
      this.agreeing++;
    }
    this.entries++;
    this.last = seq;
    read.hash.copy(this.hash);
    return undefined;
  }
}

/** Hash of what the entry follows: the entry before it, or a root. */
async function findFollowed(db: Database, seq: number): Promise<string | undefined> {
  const { rows } = await db.query<{ hash: string }>(sql`
    select encode(hash, 'hex') as hash from audit.log where seq = ${seq - 1}
    union all select encode(hash, 'hex') from audit.root where seq = ${seq - 1} limit 1`);
  return rows[0]?.hash;
}

/** Where the log begins, as far as entries before `seq` go. */
async function readNewestRoot(db: Database, seq: number): Promise<number> {
  const { rows } = await db.query<{ seq: number | null }>(
    sql`select max(seq) as seq from audit.root where seq < ${seq}`,
  );
  return rows[0]?.seq ?? 0;
}

async function readHead(db: Database): Promise<{ seq: number; hash: string }> {
  const { rows } = await db.query<{ seq: number; hash: string }>(
    sql`select seq, encode(hash, 'hex') as hash from audit.head`,
  );
  return rows[0] ?? { seq: 0, hash: "" };
}
