import { emptyOverlay, markOf, methodMark, packDay, unpackDay } from "@energsys/metering";
import type { Database, Queryable } from "../database.ts";
import { lockStatement, pointWrites, repeatOnConflict } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import { writeDayRows } from "../load-day-rows.ts";
import type { Network } from "../network.ts";
import { monthOf, needMonths } from "../partitions.ts";
import { inScope, type Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import { type DueDay, noteForValidation } from "./change-list.ts";
import { keyOf, type MeasuredDay, measuredDays } from "./measured-days.ts";
import { addOverlays, type OverlayWrite, readOverlays, type StoredOverlay } from "./overlays.ts";
import { loadPoints } from "./validate-changed.ts";

/** Why a person gives a value (as MSCONS has it in STS+Z40). */
export const editReasons = [
  "no-access",
  "communication-fault",
  "network-outage",
  "device-exchange",
  "clock-set",
  "meter-faulty",
  "wrong-ratio",
  "misreading",
  "tariff-switch-fault",
  "implausible",
] as const;
export type EditReason = (typeof editReasons)[number];

export const editStates = ["waiting", "applied", "refused", "undone"] as const;
export type EditState = (typeof editStates)[number];

/** values: a person gave them. estimate: a person chose the method. refusal: what was measured no longer counts. */
export const editKinds = ["values", "estimate", "refusal"] as const;
export type EditKind = (typeof editKinds)[number];

export interface EditRequest {
  readonly kind?: EditKind;
  /** Of an estimate: `E4`, `E4+S`. */
  readonly method?: string;
  readonly channelId: number;
  /** Market-local date, `YYYY-MM-DD`. */
  readonly day: string;
  /** New values in the channel's integers, each for one slot; of a refusal only the slots count. */
  readonly values: readonly { readonly slot: number; readonly value: number }[];
  readonly reason: EditReason;
  readonly comment: string;
  /** Account. */
  readonly by: string;
}

export interface EditContext {
  readonly nowMs: number;
  readonly zone: string;
  /** An edit that moves more energy than this waits for a second person; 100 kWh (kvarh, kVAh) unless told. */
  readonly alonePerEditWh?: number;
}

const alonePerEditWh = 100_000;

/** An edit as it is kept. Instants are epoch ms; `values` are the channel's integers. */
export interface ValueEdit {
  readonly editId: number;
  readonly channelId: number;
  readonly pointId: number;
  readonly day: string;
  readonly kind: EditKind;
  readonly method: string | null;
  /** New values; of a refusal those that were measured. */
  readonly values: readonly { readonly slot: number; readonly value: number }[];
  /** Sum of the differences without sign, in the channel's integers. */
  readonly energy: number;
  readonly reason: EditReason;
  readonly comment: string;
  readonly state: EditState;
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly decisionNote: string;
  readonly undoneBy: string | null;
  readonly undoneAt: number | null;
  readonly undoComment: string | null;
}

interface EditRow extends Omit<ValueEdit, "values"> {
  readonly slots: number;
  readonly v: Buffer;
  readonly q: Buffer | null;
  readonly overlayVer: number | null;
}

const edits = (condition: ReturnType<typeof sql>) => sql`
  select value_edit_id as "editId", channel_id as "channelId", channel.point_id as "pointId", day, value_edit.kind,
    method, slots, v, q, energy, reason, comment, decision_note as "decisionNote", state, requested_by as "requestedBy", requested_at as "requestedAt", decided_by as "decidedBy",
    decided_at as "decidedAt", overlay_ver as "overlayVer", undone_by as "undoneBy", undone_at as "undoneAt",
    undo_comment as "undoComment"
  from value_edit join channel using (channel_id)
  join point as p on p.point_id = channel.point_id join location as l on l.location_id = p.location_id
  where ${condition}`;

const toEdit = ({ slots, v, q, overlayVer: _, ...row }: EditRow): ValueEdit => ({
  ...row,
  values: [...unpackDay(v, q, slots).values].flatMap((value, slot) =>
    Number.isNaN(value) ? [] : [{ slot, value }],
  ),
});

/** Edits of a scope's points, the newest first; those that wait for a second person when `state` says so. */
export async function listEdits(
  db: Queryable,
  scope: Scope,
  filter: {
    readonly state?: EditState;
    readonly channelId?: number;
    readonly day?: string;
    readonly limit: number;
  },
): Promise<ValueEdit[]> {
  const { rows } = await db.query<EditRow>(sql`
    ${edits(sql`${inScope(scope)} and (${filter.state ?? null}::text is null or state = ${filter.state ?? null}::text)
      and (${filter.channelId ?? null}::int is null or channel_id = ${filter.channelId ?? null}::int)
      and (${filter.day ?? null}::date is null or day = ${filter.day ?? null}::date)`)}
    order by requested_at desc, value_edit_id desc limit ${filter.limit}`);
  return rows.map(toEdit);
}

/** @throws StoreError `edit.not-found` */
export async function findEdit(db: Queryable, scope: Scope, editId: number): Promise<ValueEdit> {
  return toEdit(await editInScope(db, scope, editId));
}

async function editInScope(db: Queryable, scope: Scope, editId: number): Promise<EditRow> {
  const { rows } = await db.query<EditRow>(
    edits(sql`value_edit_id = ${editId}::bigint and ${inScope(scope)}`),
  );
  if (!rows[0]) throw new StoreError("edit.not-found", `there is no edit ${editId}`);
  return rows[0];
}

/** The channel of a point that the scope sees, with a day of it. @throws StoreError `channel.not-found` */
export async function dueDay(db: Queryable, scope: Scope, channelId: number, date: string): Promise<DueDay> {
  const { rows } = await db.query<{ point_id: number }>(sql`
    select channel.point_id from channel
    join point as p on p.point_id = channel.point_id join location as l on l.location_id = p.location_id
    where channel_id = ${channelId} and ${inScope(scope)}`);
  if (!rows[0]) throw new StoreError("channel.not-found", `there is no channel ${channelId} of a point`);
  return { channelId, pointId: rows[0].point_id, date };
}

/**
 * Gives values to intervals of a day. Below the limit they count at once, as a new version; above it the edit waits for a second person.
 * What was measured stays where it is. The day, and what used it, is validated again.
 * @throws StoreError `channel.not-found`, `edit.slot` for a slot that the day does not have or that is named twice, `edit.future` for one
 *   that has not begun, `edit.value` for one that is no energy, `edit.empty`, `edit.nothing-measured` for a refusal of what is not there
 */
export async function editValues(
  db: Database,
  scope: Scope,
  request: EditRequest,
  context: EditContext,
): Promise<{ readonly editId: number; readonly state: EditState }> {
  const due = await dueDay(db, scope, request.channelId, request.day);
  const { kind = "values", method = null } = request;
  return changeDay(db, due, context, async (transaction, measured, stored) => {
    const { channel, day, slots } = measured;
    const values = new Float64Array(slots.values.length).fill(Number.NaN);
    for (const { slot, value } of request.values) {
      if (!(Number.isInteger(slot) && slot >= 0 && slot < values.length) || !Number.isNaN(values[slot]))
        throw new StoreError("edit.slot", `${slot} is not one interval of ${values.length}`);
      if (day.startMs + slot * channel.periodSeconds * 1000 >= context.nowMs)
        throw new StoreError("edit.future", `interval ${slot} of ${day.date} has not begun`);
      if (kind === "refusal") {
        values[slot] = slots.values[slot]!;
        if (Number.isNaN(values[slot])) throw new StoreError("edit.nothing-measured", `nothing at ${slot}`);
        continue;
      }
      // The sum of the day has to be exact, too.
      if (!Number.isInteger(value) || value < 0 || value > Number.MAX_SAFE_INTEGER / values.length)
        throw new StoreError("edit.value", `${value} is no energy`);
      values[slot] = value;
    }
    if (request.values.length === 0) throw new StoreError("edit.empty");
    const energy = await energyMoved(transaction, due, kind, values);
    const limitWh = context.alonePerEditWh ?? alonePerEditWh;
    const alone = energy * 10 ** measured.channel.scale <= limitWh;
    const write = alone ? editedOverlay(due, stored, { kind, method, values }, request.by) : undefined;
    const packed = packDay(values, new Uint16Array(values.length));
    const now = instant(context.nowMs);
    // Nobody else decides about an edit that needs no second person: it counts from the moment at which it was asked for.
    const { rows } = await transaction.query<{ id: number }>(sql`
      insert into value_edit (channel_id, day, kind, method, slots, v, q, energy, reason, comment, requested_by,
        requested_at, state, decided_at, overlay_ver)
      values (${due.channelId}, ${due.date}, ${kind}, ${method}, ${values.length}, ${packed.v}, ${packed.q}, ${energy}, ${request.reason},
        ${request.comment}, ${request.by}, ${now}::timestamptz, ${alone ? "applied" : "waiting"},
        ${alone ? now : null}::timestamptz, ${write?.ver ?? null})
      returning value_edit_id as id`);
    return { write, result: { editId: rows[0]?.id ?? 0, state: alone ? "applied" : "waiting" } };
  });
}

/**
 * A second person decides about an edit that waits.
 * @throws StoreError `edit.not-found`, `edit.decided` when it no longer waits, `edit.same-person`
 */
export async function decideEdit(
  db: Database,
  scope: Scope,
  decision: {
    readonly editId: number;
    readonly approve: boolean;
    readonly note?: string;
    readonly by: string;
  },
  context: EditContext,
): Promise<void> {
  const known = await editInScope(db, scope, decision.editId);
  if (known.requestedBy === decision.by)
    throw new StoreError("edit.same-person", "who asked for an edit does not decide about it");
  const due = { channelId: known.channelId, pointId: known.pointId, date: known.day };
  await changeDay(db, due, context, async (transaction, _measured, stored) => {
    // Its integers are read here: the channel may have been given a finer scale since.
    const edit = await editInScope(transaction, scope, decision.editId);
    const { values } = unpackDay(edit.v, edit.q, edit.slots);
    const { kind, method } = edit;
    const write = decision.approve
      ? editedOverlay(due, stored, { kind, method, values }, decision.by)
      : undefined;
    const { rowCount } = await transaction.query(sql`
      update value_edit set state = ${decision.approve ? "applied" : "refused"}, decided_by = ${decision.by},
        decided_at = ${instant(context.nowMs)}::timestamptz, decision_note = ${decision.note ?? ""}, overlay_ver = ${write?.ver ?? null}
      where value_edit_id = ${decision.editId}::bigint and state = 'waiting'`);
    if (rowCount === 0) throw new StoreError("edit.decided", "it was decided already");
    return { write, result: undefined };
  });
}

/**
 * Takes an edit back, as a new version: intervals that still have its value get what they had before it. Estimates are made anew. One that
 * still waits for its second person is taken back by who asked for it.
 * @throws StoreError `edit.not-found`, `edit.not-applied`
 */
export async function undoEdit(
  db: Database,
  scope: Scope,
  undo: { readonly editId: number; readonly comment: string; readonly by: string },
  context: EditContext,
): Promise<void> {
  const known = await editInScope(db, scope, undo.editId);
  if (known.state === "waiting" && known.requestedBy === undo.by) return withdrawEdit(db, undo, context);
  const due = { channelId: known.channelId, pointId: known.pointId, date: known.day };
  await changeDay(db, due, context, async (transaction, _measured, stored) => {
    const edit = await editInScope(transaction, scope, undo.editId);
    const { rowCount } = await transaction.query(sql`
      update value_edit set state = 'undone', undone_by = ${undo.by}, undone_at = ${instant(context.nowMs)}::timestamptz,
        undo_comment = ${undo.comment}
      where value_edit_id = ${undo.editId}::bigint and state = 'applied'`);
    if (rowCount === 0 || edit.overlayVer === null)
      throw new StoreError("edit.not-applied", "only an edit that counts can be taken back");
    if (!stored) throw new Error("an edit that counts has an overlay");
    const before = await overlayBefore(transaction, due, edit, edit.overlayVer);
    const { values } = unpackDay(edit.v, edit.q, edit.slots);
    const overlay = { values: stored.values.slice(), methods: stored.methods.slice(), marks: stored.marks };
    values.forEach((value, slot) => {
      if (Number.isNaN(value)) return;
      const still =
        edit.kind === "refusal"
          ? (overlay.methods[slot]! & methodMark.refused) !== 0
          : overlay.values[slot] === value && (overlay.methods[slot]! & methodMark.edited) !== 0;
      if (!still) return;
      overlay.values[slot] = before.values[slot]!;
      overlay.methods[slot] = before.methods[slot]!;
    });
    const write: OverlayWrite = {
      channelId: due.channelId,
      date: due.date,
      ver: stored.ver + 1,
      kind: "undo",
      by: undo.by,
      overlay,
    };
    return { write, result: undefined };
  });
}

async function withdrawEdit(
  db: Queryable,
  undo: { readonly editId: number; readonly comment: string; readonly by: string },
  { nowMs }: EditContext,
): Promise<void> {
  const { rowCount } = await db.query(sql`
    update value_edit set state = 'undone', decided_at = ${instant(nowMs)}::timestamptz, undone_by = ${undo.by},
      undone_at = ${instant(nowMs)}::timestamptz, undo_comment = ${undo.comment}
    where value_edit_id = ${undo.editId}::bigint and state = 'waiting'`);
  if (rowCount === 0) throw new StoreError("edit.not-applied", "it was decided meanwhile");
}

/**
 * What the day's intervals had before an edit. Where that came from an older edit which was taken back since, it is what they had before
 * that one: what is taken back does not return.
 */
async function overlayBefore(db: Queryable, due: DueDay, edit: EditRow, ver: number) {
  const before = await overlayUntil(db, due, ver, edit.slots);
  const { rows: older } = await db.query<EditRow & { readonly overlayVer: number }>(sql`
    ${edits(sql`channel_id = ${due.channelId} and day = ${due.date}::date and overlay_ver < ${ver}
      and (state = 'applied' or undone_at >= (select decided_at from value_edit where value_edit_id = ${edit.editId}::bigint))`)}
    order by overlay_ver desc`);
  const standing = new Set<number>();
  for (const { state, v, q, slots, overlayVer } of older) {
    const { values } = unpackDay(v, q, slots);
    const earlier = state === "undone" ? await overlayUntil(db, due, overlayVer, slots) : undefined;
    values.forEach((value, slot) => {
      if (Number.isNaN(value) || standing.has(slot)) return;
      if (earlier) {
        before.values[slot] = earlier.values[slot]!;
        before.methods[slot] = earlier.methods[slot]!;
      } else standing.add(slot);
    });
  }
  return before;
}

/** The last version of what is laid over a day before `ver`. */
async function overlayUntil(db: Queryable, { channelId, date }: DueDay, ver: number, slots: number) {
  const { rows } = await db.query<{ v: Buffer; q: Buffer | null; methods: Buffer | null }>(sql`
    select v, q, methods from point_overlay
    where channel_id = ${channelId} and day = ${date}::date and ver < ${ver} order by ver desc limit 1`);
  const [row] = rows;
  if (!row?.methods) return emptyOverlay(slots);
  return { values: unpackDay(row.v, row.q, slots).values, methods: Uint8Array.from(row.methods) };
}

function editedOverlay(
  { channelId, date }: DueDay,
  stored: StoredOverlay | undefined,
  edit: { readonly kind: EditKind; readonly method: string | null; readonly values: Float64Array },
  by: string,
): OverlayWrite {
  const { kind, values } = edit;
  const before = stored ?? emptyOverlay(values.length);
  const mark = kind === "refusal" ? methodMark.refused : methodMark.edited | markOf(edit.method);
  const named = (slot: number) => !Number.isNaN(values[slot]);
  return {
    channelId,
    date,
    ver: (stored?.ver ?? 0) + 1,
    kind: "edit",
    by,
    overlay: {
      marks: before.marks,
      // What is refused has no value until it is estimated.
      values: before.values.map((value, slot) =>
        named(slot) ? (kind === "refusal" ? Number.NaN : values[slot]!) : value,
      ),
      methods: before.methods.map((method, slot) => (named(slot) ? mark : method)),
    },
  };
}

/** Sum of the differences without sign: of a refusal all that stops counting, since nobody knows yet what will count instead. */
async function energyMoved(
  db: Queryable,
  due: DueDay,
  kind: EditKind,
  values: Float64Array,
): Promise<number> {
  const shown = await shownValues(db, due, values.length);
  let energy = 0;
  values.forEach((value, slot) => {
    if (Number.isNaN(value)) return;
    const before = Number.isNaN(shown[slot]) ? 0 : shown[slot]!;
    energy += kind === "refusal" ? Math.abs(value) : Math.abs(value - before);
  });
  return energy;
}

async function shownValues(db: Queryable, { channelId, date }: DueDay, slots: number): Promise<Float64Array> {
  const { rows } = await db.query<{ v: Buffer; q: Buffer | null }>(
    sql`select v, q from load_day where channel_id = ${channelId} and day = ${date}::date`,
  );
  return rows[0] ? unpackDay(rows[0].v, rows[0].q, slots).values : new Float64Array(slots).fill(Number.NaN);
}

/** Changes what is laid over a day, writes the day as it then counts, and has it validated; done again when somebody comes between. */
export async function changeDay<Result>(
  db: Database,
  due: DueDay,
  context: { readonly nowMs: number; readonly zone: string },
  change: (
    transaction: Queryable,
    measured: MeasuredDay,
    stored: StoredOverlay | undefined,
  ) => Promise<{ readonly write: OverlayWrite | undefined; readonly result: Result }>,
): Promise<Result> {
  return repeatOnConflict(db, async (network: Network) => {
    await loadPoints(db, network, [due]);
    await needMonths(db, "load_day", [monthOf(due.date)], context.nowMs);
    const { version } = network;
    return db.transaction(
      async (transaction, first) => {
        if (first[0]?.version !== version) throw new StoreError("network.changed");
        const measured = (await measuredDays(transaction, network, [due], context)).get(
          keyOf(due.channelId, due.date),
        );
        if (!measured)
          throw new StoreError("channel.not-found", `there is no channel ${due.channelId} of a point`);
        const [stored] = await readOverlays(transaction, [due]);
        const { write, result } = await change(transaction, measured, stored);
        if (!write) return result;
        await addOverlays(transaction, [write], context.nowMs);
        const writes = await pointWrites(
          transaction,
          [{ ...measured, delivery: 0 }],
          () => undefined,
          context.nowMs,
        );
        await writeDayRows(transaction, writes, context.nowMs);
        await noteForValidation(transaction, { days: [due] });
        return result;
      },
      { first: lockStatement({ days: [] }) },
    );
  });
}
