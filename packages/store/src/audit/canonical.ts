import { hash as hashOf } from "node:crypto";
import type pg from "pg";
import type { Database } from "../database.ts";

/** An entry as PostgreSQL prints its columns: `columns` in the order of `names`. */
export interface RawEntry {
  readonly seq: number;
  /** Hex. */
  readonly prev: string;
  readonly hash: string;
  readonly columns: readonly (string | null)[];
}

/** Fields of the hashed text in their order, and which of them are no text: numbers and JSON stand as they are. */
const names = [
  ["seq", "bare"],
  ["at", "instant"],
  ["kind", "text"],
  ["severity", "text"],
  ["actor", "text"],
  ["role", "text"],
  ["session", "text"],
  ["address", "text"],
  ["page", "text"],
  ["operation", "text"],
  ["action", "text"],
  ["objectType", "text"],
  ["objectId", "text"],
  ["records", "bare"],
  ["before", "bare"],
  ["after", "bare"],
  ["reason", "text"],
] as const;

const raw = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

/** Entries by number, as they are stored. */
export function readRawEntries(
  db: Database,
  { from, to, limit }: { from: number; to: number; limit: number },
): Promise<RawEntry[]> {
  return db.withClient(async (client) => {
    const { rows } = await client.query<(string | null)[]>({
      text: `select seq, at, kind, severity, actor, role, session, address, page, operation, action, object_type, object_id,
               records, before, after, reason, prev, hash
             from audit.log where seq between $1 and $2 order by seq limit $3`,
      values: [from, to, limit],
      rowMode: "array",
      types: raw,
    });
    return rows.map((columns) => ({
      seq: Number(columns[0]),
      prev: (columns[17] ?? "").slice(2),
      hash: (columns[18] ?? "").slice(2),
      columns,
    }));
  });
}

/**
 * The text that was hashed, made here and not by the database's own function (`audit.canonical`): whoever can change entries could
 * change that as well.
 */
export function canonicalText({ columns }: Pick<RawEntry, "columns">): string {
  let text = "{";
  for (let nth = 0; nth < fields.length; nth++) {
    const [lead, kind] = fields[nth]!;
    const value = columns[nth] ?? null;
    text += lead;
    if (value === null) text += "null";
    else if (kind === "bare") text += value;
    else if (kind === "instant") text += `"${utc(value)}"`;
    else text += plain.test(value) ? `"${value}"` : JSON.stringify(value);
  }
  return `${text}}`;
}

const fields = names.map(([name, kind], nth) => [`${nth === 0 ? "" : ", "}"${name}" : `, kind] as const);
/** Text that stands in JSON as it is: most of it does, and that is seen faster than JSON.stringify copies it. */
const plain = /^[ !#-[\]-~]*$/;

/** `2026-11-26 04:00:00.5+00` as it was hashed: UTC with six digits. */
function utc(at: string): string {
  const fraction = at.slice(20, -3);
  return `${at.slice(0, 10)}T${at.slice(11, 19)}.${fraction.padEnd(6, "0")}Z`;
}

/** Where the hash of the entry before and the text are put together: entries come one after the other, by the million. */
let together = Buffer.allocUnsafe(8_192);

export function hashOfEntry(entry: RawEntry): string {
  const text = canonicalText(entry);
  // A character of JavaScript takes three bytes of UTF-8 at most.
  const bytesMax = 32 + 3 * text.length;
  if (bytesMax > together.length) together = Buffer.allocUnsafe(2 * bytesMax);
  const start = together.write(entry.prev, 0, "hex");
  const end = start + together.write(text, start, "utf8");
  return hashOf("sha256", together.subarray(0, end));
}
