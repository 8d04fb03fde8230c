import {
  concentratorTable,
  type DeviceEvent,
  decodeEventsBody,
  decodeMetersBody,
  decodeOutcomeBody,
  decodeProfileBody,
  decodeRegistersBody,
  isUndecodable,
  type JournalEntry,
  type OrderOutcome,
  type PoisonEntry,
  type ProfileReading,
  type RegisterReading,
} from "@energsys/metering";
import { findMeterModel } from "@energsys/metering/models";
import type { Database, Queryable } from "../database.ts";
import { type Delivery, type DeliveryOutcome, storeDeliveries } from "../deliveries.ts";
import { isConflict, isConnectionLost, StoreError, sqlState } from "../errors.ts";
import type { LinkLease } from "../links.ts";
import { sql } from "../sql.ts";
import { type LogicalDevice, readLogicalDevices, storeTopology, type TopologyEntry } from "./meters.ts";

/** Part of a concentrator's journal, to be stored in one transaction. */
export interface JournalPart {
  readonly gatewayId: number;
  /** The concentrator's own device: its events hang on it. */
  readonly deviceId: number;
  readonly entries: readonly JournalEntry[];
  readonly poison: readonly PoisonEntry[];
  /** Moves the cursor to this number, in the same transaction; absent for what came out of turn (a push, an old range, a dump). */
  readonly cursor?: number;
  readonly attemptId?: number;
  /** Over which link it came; absent for files. */
  readonly lease?: LinkLease;
  /** Kind of the raw blocks. */
  readonly blockKind: "mc-journal" | "mc-push" | "mc-dump";
  readonly receivedAtMs: number;
}

export interface JournalOutcome {
  readonly intervals: number;
  readonly daysWritten: number;
  readonly registers: number;
  readonly events: number;
  readonly poison: number;
  /** Entries of meters that nobody adopted: kept as they are. */
  readonly kept: number;
}

export interface JournalContext {
  readonly nowMs: number;
  readonly zone: string;
}

/** What one entry says, decoded. */
interface Content {
  readonly entry: JournalEntry;
  readonly profiles: ProfileReading[];
  readonly registers: RegisterReading[];
  readonly events: DeviceEvent[];
  readonly topology?: TopologyEntry;
  readonly outcome?: OrderOutcome;
}

function contentOf(entry: JournalEntry): Content {
  const { kind, body, number, writtenAtMs } = entry;
  const nothing = { entry, profiles: [], registers: [], events: [] };
  if (kind === "profile") return { ...nothing, profiles: [decodeProfileBody(body)] };
  if (kind === "registers") return { ...nothing, registers: decodeRegistersBody(body) };
  if (kind === "events") return { ...nothing, events: decodeEventsBody(body) };
  if (kind === "meters")
    return { ...nothing, topology: { number, writtenAtMs, meters: decodeMetersBody(body) } };
  return { ...nothing, outcome: decodeOutcomeBody(body) };
}

/**
 * Stores a part of a journal: readings, events and topology of many devices in one transaction, with the cursor. Doing it again changes
 * nothing. An entry that cannot be read, or that the database refuses, is kept aside as poison and does not stop the others; one of a
 * logical device that nobody adopted is kept until somebody does.
 * @throws StoreError those of `storeDeliveries` that are no fault of an entry: `link.fenced`, `store.conflict`, `store.zone-changed`
 */
export async function storeJournal(
  db: Database,
  part: JournalPart,
  context: JournalContext,
): Promise<JournalOutcome> {
  const contents: Content[] = [];
  const poison: PoisonEntry[] = [...part.poison];
  for (const entry of part.entries) {
    try {
      contents.push(contentOf(entry));
    } catch (error) {
      if (!isUndecodable(error)) throw error;
      poison.push(poisonOf(entry, error.code));
    }
  }
  // Topology comes first: what it names may be a meter that was entered here and whose readings follow.
  const topology = contents.flatMap(({ topology }) => (topology ? [topology] : []));
  if (topology.length > 0)
    await db.transaction((transaction) => storeTopology(transaction, part.gatewayId, topology));
  const devices = await readLogicalDevices(db, part.gatewayId);
  try {
    return await storeContents(db, part, contents, poison, devices, context);
  } catch (error) {
    if (!isFaultOfEntry(error)) throw error;
    return await storeOneByOne(db, part, contents, poison, devices, context);
  }
}

/** Whether the database refuses what an entry says: not that it is away, was interrupted, or that the writer is not the one. */
function isFaultOfEntry(error: unknown): boolean {
  if (isConnectionLost(error) || isConflict(error)) return false;
  if (error instanceof StoreError) return ["channel.unit-changed", "meter.not-found"].includes(error.code);
  const state = sqlState(error);
  // Class 22: data exception; 23: integrity.
  return state !== undefined && (state.startsWith("22") || state.startsWith("23"));
}

async function storeOneByOne(
  db: Database,
  part: JournalPart,
  contents: readonly Content[],
  poison: PoisonEntry[],
  devices: ReadonlyMap<number, LogicalDevice>,
  context: JournalContext,
): Promise<JournalOutcome> {
  const { cursor, ...bare } = part;
  const sum = { intervals: 0, daysWritten: 0, registers: 0, events: 0, poison: 0, kept: 0 };
  for (const content of contents) {
    try {
      const one = await storeContents(db, bare, [content], [], devices, context);
      for (const name of ["intervals", "daysWritten", "registers", "events", "kept"] as const)
        sum[name] += one[name];
    } catch (error) {
      if (!isFaultOfEntry(error)) throw error;
      poison.push(poisonOf(content.entry, codeOf(error)));
    }
  }
  // Only now the cursor: a crash in between finds the same entries again.
  const last = await storeContents(db, part, [], poison, devices, context);
  return { ...sum, poison: last.poison };
}

const codeOf = (error: unknown): string =>
  error instanceof StoreError ? error.code : `sql.${sqlState(error) ?? "error"}`;

const poisonOf = ({ number, logicalDevice, bytes }: JournalEntry, code: string): PoisonEntry => ({
  number,
  logicalDevice,
  code,
  bytes,
});

async function storeContents(
  db: Database,
  part: JournalPart,
  contents: readonly Content[],
  poison: readonly PoisonEntry[],
  devices: ReadonlyMap<number, LogicalDevice>,
  context: JournalContext,
): Promise<JournalOutcome> {
  const kept: JournalEntry[] = [];
  const own: DeviceEvent[] = [];
  const byDevice = new Map<number, { device: LogicalDevice; contents: Content[] }>();
  const outcomes: { entry: JournalEntry; outcome: OrderOutcome; deviceId: number | null }[] = [];
  for (const content of contents) {
    const { entry, outcome, events } = content;
    const device = devices.get(entry.logicalDevice);
    if (outcome) outcomes.push({ entry, outcome, deviceId: device?.deviceId ?? null });
    else if (entry.kind === "meters") continue;
    else if (entry.logicalDevice === 1) own.push(...events);
    else if (device) {
      const group = byDevice.get(device.deviceId) ?? { device, contents: [] };
      group.contents.push(content);
      byDevice.set(device.deviceId, group);
    } else if (events.length > 0 && events.every(isOfModule)) own.push(...events.map(ofModule(entry)));
    else kept.push(entry);
  }
  const shared = {
    receivedAtMs: part.receivedAtMs,
    ...(part.attemptId === undefined ? {} : { attemptId: part.attemptId }),
    ...(part.lease ? { fence: part.lease.fence, linkDeviceId: part.lease.deviceId } : {}),
  };
  const deliveries: Delivery[] = [...byDevice.values()].map(({ device, contents: its }) => ({
    ...shared,
    deviceId: device.deviceId,
    meterId: device.meterId,
    blocks: its.map(({ entry }) => ({ kind: part.blockKind, bytes: entry.bytes })),
    profiles: its.flatMap(({ profiles }) => profiles),
    registers: its.flatMap(({ registers }) => registers),
    events: its.flatMap(({ events }) => events.map((event) => inModelsTable(event, device.model))),
  }));
  deliveries.push({
    ...shared,
    deviceId: part.deviceId,
    meterId: null,
    blocks: [],
    profiles: [],
    registers: [],
    events: own,
  });
  const outcome: DeliveryOutcome = await storeDeliveries(db, deliveries, {
    ...context,
    also: async (transaction) => {
      await keepEntries(transaction, part, kept, poison);
      await storeOutcomes(transaction, part.gatewayId, outcomes);
      if (part.cursor !== undefined) await moveCursor(transaction, part.gatewayId, part.cursor);
    },
  });
  const { intervals, daysWritten, registers, events } = outcome;
  return { intervals, daysWritten, registers, events, poison: poison.length, kept: kept.length };
}

/** Codes 0x1001 to 0x101F are a module's own: its start, supply, battery and doors (docs/protocols/concentrator-centre.md, section 4). */
const isOfModule = ({ code }: DeviceEvent): boolean => {
  const [table, number] = code.split(":");
  return table === concentratorTable && Number(number) >= 0x1001 && Number(number) <= 0x101f;
};

/**
 * A module is no device of its own here: what it tells hangs on its concentrator, with its logical device. Two modules may count their rings
 * alike, so the number is made of the journal's, which is the same whenever the entry comes again.
 */
const ofModule =
  ({ number, logicalDevice }: JournalEntry) =>
  (event: DeviceEvent, index: number): DeviceEvent => ({
    ...event,
    seq: (number % 2_000_000) * 1000 + (index % 1000),
    detail: { ...event.detail, logicalDevice },
  });

/** A meter's own code means what its model's table for that log says; without a model it keeps the name of the log. */
function inModelsTable(event: DeviceEvent, modelName: string): DeviceEvent {
  const found = /^log:(.+):(\d+)$/.exec(event.code);
  if (!found) return event;
  const logs = findMeterModel(modelName)?.eventLogs ?? [];
  const table = logs.find(({ obis }) => obis.startsWith(`${found[1]}*`))?.table ?? logs[0]?.table;
  return table ? { ...event, code: `${table}:${found[2]}` } : event;
}

/** Only forward: a late writer of an older part must not make the next one ask again for what is there. */
const moveCursor = (db: Queryable, gatewayId: number, cursor: number) =>
  db.query(sql`
    update gateway set cursor = greatest(cursor, ${cursor}::bigint), newest = greatest(newest, ${cursor}::bigint)
    where gateway_id = ${gatewayId}::int`);

async function keepEntries(
  db: Queryable,
  part: JournalPart,
  kept: readonly JournalEntry[],
  poison: readonly PoisonEntry[],
): Promise<void> {
  const numbered = poison.filter((entry) => entry.number !== undefined && entry.number > 0);
  const rows = [
    ...kept.map((entry) => ({ ...entry, reason: "unknown-meter", code: null as string | null })),
    ...numbered.map((entry) => ({ ...entry, reason: "poison", code: entry.code as string | null })),
  ];
  if (rows.length === 0) return;
  await db.query(sql`
    with written as (
      insert into gateway_entry (gateway_id, entry, logical_device, reason, error_code, received_at, bytes)
      select ${part.gatewayId}::int, * from unnest(${rows.map(({ number }) => number)}::bigint[],
        ${rows.map(({ logicalDevice }) => logicalDevice ?? null)}::int[], ${rows.map(({ reason }) => reason)}::text[],
        ${rows.map(({ code }) => code)}::text[],
        ${rows.map(() => new Date(part.receivedAtMs).toISOString())}::timestamptz[],
        ${rows.map(({ bytes }) => Buffer.from(bytes))}::bytea[])
      on conflict do nothing
      returning reason
    ), poisoned as (select count(*)::int as n from written where reason = 'poison')
    , told as (
      insert into event (at, device_id, code, seq, detail)
      select date_trunc('second', now()), ${part.deviceId}::int, 'system:journal.poison', 0, jsonb_build_object('entries', n)
      from poisoned where n > 0 on conflict do nothing
    )
    update gateway set poison_entries = poison_entries + n from poisoned where gateway_id = ${part.gatewayId}::int and n > 0`);
}

async function storeOutcomes(
  db: Queryable,
  gatewayId: number,
  outcomes: readonly { entry: JournalEntry; outcome: OrderOutcome; deviceId: number | null }[],
): Promise<void> {
  for (const { entry, outcome, deviceId } of outcomes) {
    await db.query(sql`
      insert into gateway_outcome (gateway_id, entry, logical_device, device_id, at, action, outcome, output_closed, detail)
      values (${gatewayId}::int, ${entry.number}::bigint, ${entry.logicalDevice}::int, ${deviceId}::int,
        ${new Date(outcome.atMs).toISOString()}::timestamptz, ${outcome.action}, ${outcome.outcome}, ${outcome.outputClosed},
        ${outcome.detail})
      on conflict do nothing`);
  }
}

/** Entries that wait although their meter is adopted by now, in order. */
export async function readKeptEntries(
  db: Queryable,
  gatewayId: number,
  limit: number,
): Promise<{ number: number; bytes: Uint8Array }[]> {
  const { rows } = await db.query<{ number: number; bytes: Uint8Array }>(sql`
    select e.entry as number, e.bytes from gateway_entry e
    join gateway_meter m on m.gateway_id = e.gateway_id and m.logical_device = e.logical_device and m.device_id is not null
    where e.gateway_id = ${gatewayId}::int and e.reason = 'unknown-meter'
    order by e.entry limit ${limit}::int`);
  return rows;
}

export async function dropKeptEntries(
  db: Queryable,
  gatewayId: number,
  numbers: readonly number[],
): Promise<void> {
  await db.query(sql`
    delete from gateway_entry
    where gateway_id = ${gatewayId}::int and reason = 'unknown-meter' and entry = any(${numbers}::bigint[])`);
}
