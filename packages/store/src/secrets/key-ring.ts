import { createHmac, randomBytes } from "node:crypto";
import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { sql, trusted } from "../sql.ts";
import { drawIvs, gcmOpen, gcmSeal, sealedOverhead } from "./gcm.ts";
import type { KeyProvider } from "./key-provider.ts";
import { type DataKeyKind, dataKeyKinds, type SecretPlace } from "./places.ts";
import { Secret } from "./secret-value.ts";

/** First byte of a sealed value: data key (4 bytes) follows, then IV, ciphertext, tag. */
const format = 2;
const headLength = 5;
const dataKeyLength = 32;
const indexHashLength = 20;

/** Purposes of hashes that sealed values are found by; a hash of one is none of another. */
export type LookupPurpose = "meter-key";

export interface KeyRingOptions {
  /** Kinds that this process may make data keys of; all but the dispatcher's unless told. */
  readonly kinds?: readonly DataKeyKind[];
  readonly now?: () => number;
}

interface DataKeyRow {
  dataKeyId: number;
  kind: DataKeyKind;
  year: number;
  master: string;
  wrapped: Buffer;
}

/** Kinds that hashes are made by have one data key until it is replaced, whatever the year. */
const yearly = (kind: DataKeyKind): boolean => kind !== "lookup" && kind !== "personal-index";

/** Context of a wrapped data key. */
const wrapContext = (row: { dataKeyId: number; kind: DataKeyKind; year: number }): string =>
  `data_key|${row.dataKeyId}|${row.kind}|${row.year}`;

/** Context of a sealed value: table, row, kind and the data key, so that nothing opens in another place. */
const sealContext = ({ table, row, kind }: SecretPlace, dataKeyId: number): string =>
  `${table}|${row}|${kind}|${dataKeyId}`;

/** Number of the data key that sealed a value, or `undefined` for what this format did not seal. */
export function dataKeyOf(sealed: Uint8Array): number | undefined {
  if (sealed.length < headLength + sealedOverhead || sealed[0] !== format) return undefined;
  return new DataView(sealed.buffer, sealed.byteOffset, headLength).getUint32(1);
}

/**
 * Seals and opens secrets: the master key of the provider wraps one data key for each kind and year, and this seals each
 * secret by AES-256-GCM bound to its place (docs/adr/0009-secrets-in-envelopes.md). Data keys are opened once and kept in memory.
 */
export class KeyRing {
  readonly #db: Queryable;
  readonly #provider: KeyProvider;
  readonly #kinds: readonly DataKeyKind[];
  readonly #now: () => number;
  readonly #opened: Map<number, { kind: DataKeyKind; key: Uint8Array }>;
  /** Data keys that seal for as long as a transaction holds them, by kind and year; `undefined` outside of one. */
  readonly #held: Map<string, number> | undefined;

  constructor(
    db: Queryable,
    provider: KeyProvider,
    options: KeyRingOptions = {},
    shared?: { readonly opened: Map<number, { kind: DataKeyKind; key: Uint8Array }> },
  ) {
    this.#db = db;
    this.#provider = provider;
    this.#kinds = options.kinds ?? dataKeyKinds.filter((kind) => kind !== "switching");
    this.#now = options.now ?? Date.now;
    this.#opened = shared?.opened ?? new Map();
    this.#held = shared && new Map();
  }

  /** A ring that has proven itself. @throws those of `check` */
  static async open(db: Queryable, provider: KeyProvider, options: KeyRingOptions = {}): Promise<KeyRing> {
    const ring = new KeyRing(db, provider, options);
    await ring.check();
    return ring;
  }

  /**
   * Proves that the provider holds every master key that is in use: at the start, rather than at the first meter.
   * @throws StoreError `secret.master-missing`, `secret.unreadable`, and those of the provider
   */
  async check(): Promise<void> {
    await this.#provider.current();
    const { rows } = await this.#db.query<DataKeyRow>(sql`
      select distinct on (master) data_key_id as "dataKeyId", kind, year, master, wrapped
      from data_key where kind = any(${this.#kinds}::text[]) order by master, data_key_id desc`);
    for (const row of rows) await this.#keep(row);
  }

  /** Makes the data keys of these kinds that are missing, each written at once; opens those that are there. */
  async prepare(kinds: readonly DataKeyKind[]): Promise<void> {
    const year = new Date(this.#now()).getUTCFullYear();
    for (const kind of kinds) await this.#current(kind, yearly(kind) ? year : 0);
  }

  /**
   * The same ring for one transaction. It asks over the transaction's own connection: a pool of which every connection is in such a
   * transaction would wait for itself. Each data key is looked up once, and held: who retires it waits for the transaction, and
   * so finds what it has sealed. For roles that may change `data_key`, and after `prepare`: a key that is made here is made
   * with the transaction.
   */
  within(transaction: Queryable): KeyRing {
    const options = { kinds: this.#kinds, now: this.#now };
    return new KeyRing(transaction, this.#provider, options, { opened: this.#opened });
  }

  /** Name of the master key that wraps now. */
  master(): Promise<string> {
    return this.#provider.current();
  }

  /** Seals a secret for its place, by the data key of its kind and this year. */
  async sealField(place: SecretPlace, secret: string | Uint8Array): Promise<Buffer> {
    const [sealed] = await this.sealFields([{ place, secret }]);
    return sealed as Buffer;
  }

  /** Seals many of one kind or of several, with one look at the data keys for each kind. */
  async sealFields(
    fields: readonly { readonly place: SecretPlace; readonly secret: string | Uint8Array }[],
  ): Promise<Buffer[]> {
    const year = new Date(this.#now()).getUTCFullYear();
    const ids = new Map<DataKeyKind, number>();
    for (const { place } of fields) {
      if (!ids.has(place.kind)) ids.set(place.kind, await this.#current(place.kind, year));
    }
    const ivs = drawIvs(fields.length);
    return fields.map(({ place, secret }, nth) => {
      const id = ids.get(place.kind) as number;
      const { key } = this.#opened.get(id) as { key: Uint8Array };
      const head = Buffer.alloc(headLength, format);
      head.writeUInt32BE(id, 1);
      const plain = Buffer.from(secret as string);
      const sealed = gcmSeal(key, sealContext(place, id), plain, ivs[nth]);
      plain.fill(0);
      return Buffer.concat([head, sealed]);
    });
  }

  /**
   * Opens what was sealed for this place.
   * @throws StoreError `secret.unreadable` for another place, another key or changed bytes, `secret.master-missing`
   */
  async openBytes(place: SecretPlace, sealed: Uint8Array): Promise<Secret<Uint8Array>> {
    const id = dataKeyOf(sealed);
    if (id === undefined) throw new StoreError("secret.unreadable", "not a sealed value");
    const opened = this.#opened.get(id) ?? (await this.#find(id));
    const plain =
      opened?.kind === place.kind
        ? gcmOpen(opened.key, sealContext(place, id), sealed.subarray(headLength))
        : undefined;
    if (!plain) {
      throw new StoreError("secret.unreadable", `${place.table}: a sealed value does not open in its place`);
    }
    return new Secret(new Uint8Array(plain.buffer, plain.byteOffset, plain.length));
  }

  /** As `openBytes`, for a secret that is text. */
  async openField(place: SecretPlace, sealed: Uint8Array): Promise<Secret<string>> {
    const bytes = await this.openBytes(place, sealed);
    const text = Buffer.from(bytes.reveal()).toString("utf8");
    bytes.wipe();
    return new Secret(text);
  }

  /**
   * A keyed hash by which a sealed value can be found or compared: equal values of one purpose have equal hashes, and without the
   * key nobody can try values against it.
   */
  async lookupHash(purpose: LookupPurpose, value: string | Uint8Array): Promise<Buffer> {
    const [hash] = await this.lookupHashes(purpose, [value]);
    return hash as Buffer;
  }

  async lookupHashes(purpose: LookupPurpose, values: readonly (string | Uint8Array)[]): Promise<Buffer[]> {
    const id = await this.#current(this.#kinds.includes("lookup") ? "lookup" : this.#kinds[0]!, 0);
    const { key } = this.#opened.get(id) as { key: Uint8Array };
    return values.map((value) => createHmac("sha256", key).update(`${purpose}\0`).update(value).digest());
  }

  /** Opens many texts; each data key is looked for once. @throws those of `openBytes` */
  async openTexts(
    fields: readonly { readonly place: SecretPlace; readonly sealed: Uint8Array }[],
  ): Promise<string[]> {
    const texts: string[] = [];
    for (const { place, sealed } of fields) {
      const id = dataKeyOf(sealed);
      const opened = id === undefined ? undefined : (this.#opened.get(id) ?? (await this.#find(id)));
      const plain =
        opened?.kind === place.kind
          ? gcmOpen(opened.key, sealContext(place, id as number), sealed.subarray(headLength))
          : undefined;
      if (!plain) {
        throw new StoreError(
          "secret.unreadable",
          `${place.table}: a sealed value does not open in its place`,
        );
      }
      texts.push(plain.toString("utf8"));
    }
    return texts;
  }

  /**
   * Hashes by which personal data is found: the number of the index key (4 bytes), then 16 bytes of HMAC-SHA-256. The number says
   * which rows a new key has not reached yet (`reindexPersonal`).
   */
  async indexHashes(purpose: `personal:${string}`, values: readonly string[]): Promise<Buffer[]> {
    const id = await this.#current("personal-index", 0);
    return values.map((value) => this.#indexHash(id, purpose, value));
  }

  /** As `indexHashes`, by the key in use and by those that it replaces: all hashes that rows of these values may have. */
  async indexHashesOfAll(purpose: `personal:${string}`, values: readonly string[]): Promise<Buffer[]> {
    const current = await this.#current("personal-index", 0);
    const { rows } = await this.#db.query<{ id: number }>(sql`
      select data_key_id as id from data_key where kind = 'personal-index' and retired_at is not null`);
    for (const { id } of rows) if (!this.#opened.has(id)) await this.#find(id);
    return [current, ...rows.map(({ id }) => id)]
      .filter((id) => this.#opened.has(id))
      .flatMap((id) => values.map((value) => this.#indexHash(id, purpose, value)));
  }

  #indexHash(id: number, purpose: string, value: string): Buffer {
    const { key } = this.#opened.get(id) as { key: Uint8Array };
    const hash = Buffer.alloc(indexHashLength);
    hash.writeUInt32BE(id, 0);
    createHmac("sha256", key)
      .update(`${purpose}\0${value}`)
      .digest()
      .copy(hash, 4, 0, indexHashLength - 4);
    return hash;
  }

  /** The data key that seals now; made when there is none. Written at once, by itself, before anything it seals. */
  async #current(kind: DataKeyKind, year: number): Promise<number> {
    if (!this.#kinds.includes(kind)) throw new Error(`this process has no business with ${kind} secrets`);
    const name = `${kind} ${year}`;
    const held = this.#held?.get(name);
    if (held !== undefined) return held;
    for (;;) {
      const { rows } = await this.#db.query<DataKeyRow>(sql`
        select data_key_id as "dataKeyId", kind, year, master, wrapped from data_key
        where kind = ${kind} and year = ${year}::smallint and retired_at is null
        ${trusted(this.#held ? "for share" : "")}`);
      const [row] = rows;
      if (row) {
        if (!this.#opened.has(row.dataKeyId)) await this.#keep(row);
        this.#held?.set(name, row.dataKeyId);
        return row.dataKeyId;
      }
      await this.#make(kind, year);
    }
  }

  async #make(kind: DataKeyKind, year: number): Promise<void> {
    const drawn = await this.#db.query<{ id: number }>(
      sql`select nextval(pg_get_serial_sequence('data_key', 'data_key_id'))::int as id`,
    );
    const dataKeyId = drawn.rows[0]!.id;
    const key = randomBytes(dataKeyLength);
    const { version, wrapped } = await this.#provider.wrap(key, wrapContext({ dataKeyId, kind, year }));
    key.fill(0);
    // Another process may have been faster: then its key is the one.
    await this.#db.query(sql`
      insert into data_key (data_key_id, kind, year, master, wrapped) overriding system value
      values (${dataKeyId}::int, ${kind}, ${year}::smallint, ${version}, ${wrapped}::bytea)
      on conflict (kind, year) where retired_at is null do nothing`);
  }

  async #find(dataKeyId: number): Promise<{ kind: DataKeyKind; key: Uint8Array } | undefined> {
    const { rows } = await this.#db.query<DataKeyRow>(sql`
      select data_key_id as "dataKeyId", kind, year, master, wrapped from data_key where data_key_id = ${dataKeyId}::bigint`);
    return rows[0] && this.#keep(rows[0]);
  }

  async #keep(row: DataKeyRow): Promise<{ kind: DataKeyKind; key: Uint8Array }> {
    const { master: version, wrapped } = row;
    const key = await this.#provider.unwrap({ version, wrapped }, wrapContext(row));
    if (key.length !== dataKeyLength) {
      throw new StoreError("secret.unreadable", `data key ${row.dataKeyId} has ${key.length} bytes`);
    }
    const kept = { kind: row.kind, key };
    this.#opened.set(row.dataKeyId, kept);
    return kept;
  }
}

/**
 * Wraps data keys anew that are not under the provider's newest master key, a few at a time, each for itself: it may be stopped
 * anywhere and run again, while others read and write. Secrets are not touched.
 */
export async function rewrapDataKeys(
  db: Queryable,
  provider: KeyProvider,
  options: { readonly kinds?: readonly DataKeyKind[]; readonly onProgress?: (left: number) => void } = {},
): Promise<{ master: string; rewrapped: number }> {
  const kinds = options.kinds ?? dataKeyKinds.filter((kind) => kind !== "switching");
  const master = await provider.current();
  let rewrapped = 0;
  for (;;) {
    const { rows } = await db.query<DataKeyRow & { left: number }>(sql`
      select data_key_id as "dataKeyId", kind, year, master, wrapped, (count(*) over ())::int as "left" from data_key
      where master <> ${master} and kind = any(${kinds}::text[]) order by data_key_id limit 100`);
    if (rows.length === 0) return { master, rewrapped };
    for (const [nth, row] of rows.entries()) {
      options.onProgress?.(row.left - nth);
      const context = wrapContext(row);
      const key = await provider.unwrap({ version: row.master, wrapped: row.wrapped }, context);
      const fresh = await provider.wrap(key, context);
      key.fill(0);
      await db.query(sql`
        update data_key set master = ${fresh.version}, wrapped = ${fresh.wrapped}::bytea
        where data_key_id = ${row.dataKeyId}::int and master = ${row.master}`);
      rewrapped++;
    }
  }
}

/** Data keys by the master key that wraps them, newest first: what a rotation has still to do. */
export async function countDataKeys(db: Queryable): Promise<{ master: string; dataKeys: number }[]> {
  const { rows } = await db.query<{ master: string; dataKeys: number }>(sql`
    select master, count(*)::int as "dataKeys" from data_key group by master order by max(created_at) desc, master`);
  return rows;
}
