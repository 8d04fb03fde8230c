import type { Database } from "../database.ts";
import { sql } from "../sql.ts";
import { hashOfEntry, readRawEntries } from "./canonical.ts";
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

const batch = 20_000;

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
  let first = 0;
  let last: { seq: number; hash: string } | undefined;
  let entries = 0;
  let agreeing = 0;
  const verdict = (fault?: LogVerdict["fault"], headsBeforeRoot = 0): LogVerdict => ({
    ok: fault === undefined,
    from: first,
    to: last?.seq ?? 0,
    entries,
    heads: agreeing,
    headsBeforeRoot,
    ...(fault ? { fault } : {}),
    durationMs: performance.now() - started,
  });

  // The next batch is on its way while this one is looked at.
  let coming = readRawEntries(db, { from, to, limit: batch });
  for (;;) {
    const rows = await coming;
    const newest = rows.at(-1);
    if (!newest) break;
    if (rows.length === batch) coming = readRawEntries(db, { from: newest.seq + 1, to, limit: batch });
    for (const entry of rows) {
      const { seq, prev, hash } = entry;
      if (last === undefined) {
        first = seq;
        const follows = await findFollowed(db, seq);
        if (follows === undefined) {
          const expected = Math.max(from, (await readNewestRoot(db, seq)) + 1);
          return verdict({ seq: expected, reason: expected < seq ? "missing" : "rootless" });
        }
        if (follows !== prev) return verdict({ seq, reason: "unlinked" });
      } else if (seq !== last.seq + 1) {
        return verdict(
          seq > last.seq ? { seq: last.seq + 1, reason: "missing" } : { seq, reason: "unlinked" },
        );
      } else if (last.hash !== prev) {
        return verdict({ seq, reason: "unlinked" });
      }
      if (hash !== hashOfEntry(entry)) {
        return verdict({ seq, reason: "changed" });
      }
      for (const head of heads.get(seq) ?? []) {
        if (head.hash !== hash) return verdict({ seq, reason: "other-head" });
        agreeing++;
      }
      entries++;
      last = { seq, hash };
    }
    if (rows.length < batch) break;
  }

  const head = await readHead(db);
  const end = last?.seq ?? Math.max(await readNewestRoot(db, Number.MAX_SAFE_INTEGER), from - 1);
  const untilNow = to >= head.seq;
  const inRange = [...heads.keys()].filter((seq) => seq >= from && seq <= to).sort((a, b) => a - b);
  const beyond = inRange.find((seq) => seq > end);
  if (beyond !== undefined) return verdict({ seq: end + 1, reason: "cut" });
  if (untilNow && head.seq > end && from <= head.seq) return verdict({ seq: end + 1, reason: "cut" });
  if (untilNow && last && (head.seq !== last.seq || head.hash !== last.hash)) {
    return verdict({ seq: last.seq, reason: "other-head" });
  }
  return verdict(undefined, inRange.filter((seq) => first > 0 && seq < first).length);
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
