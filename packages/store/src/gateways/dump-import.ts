import { createHash } from "node:crypto";
import {
  DumpError,
  decodeMetersBody,
  decodeProfileBody,
  decodeRegistersBody,
  isUndecodable,
  type JournalDump,
  type JournalEntry,
  marketDayOf,
  type ProfileReading,
  parseDump,
  type RegisterReading,
} from "@energsys/metering";
import type { Database } from "../database.ts";
import type { Delivery } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import { beginImport, fileHash, findImportOf, finishImport, type MeterSpan } from "../imports/record.ts";
import { compareProfiles } from "../imports/stored-values.ts";
import { everywhere, gatewayInScope, type Scope } from "../scope.ts";
import { sql } from "../sql.ts";
import { type JournalContext, storeJournal } from "./journal.ts";
import { findExpectedDevices, type LogicalDevice, readLogicalDevices, type TopologyEntry } from "./meters.ts";
import type { GatewayLine } from "./registry.ts";

const entriesAtOnce = 500;

export interface DumpImport {
  readonly fileName: string;
  readonly by: string;
  /** Of which part of the network the concentrator must be; everywhere unless told. */
  readonly scope?: Scope;
  /** Only says what would be stored. */
  readonly dryRun?: boolean;
}

/** What a dump holds of one logical device. */
export interface DumpMeter {
  readonly logicalDevice: number;
  readonly name: string;
  /** Null: nobody adopted it; its entries are kept until somebody does. */
  readonly meterId: number | null;
  readonly entries: number;
  readonly intervals: number;
  /** Intervals that are not stored yet, and those that are with another value. */
  readonly added: number;
  readonly differ: number;
  readonly registers: number;
}

export interface DumpImportOutcome {
  readonly identity: string;
  readonly made: string;
  readonly first: number;
  readonly last: number;
  readonly entries: number;
  /** Entries beyond those that came over the line already. */
  readonly beyondCursor: number;
  readonly unreadable: number;
  readonly meters: readonly DumpMeter[];
  /** The same file was taken in before, and not taken back. */
  readonly before: number | null;
  /** What changed; absent after a dry run. */
  readonly stored?: {
    readonly importId: number;
    readonly intervals: number;
    readonly registers: number;
    readonly events: number;
    readonly kept: number;
  };
}

/**
 * Takes in a dump of the store of a concentrator that is or was adopted, in full or not at all checked before anything is stored. The cursor
 * stays where it is: what the line brings later is the same again and changes nothing. What it changes can be taken back (`undoImport`).
 * @throws StoreError `import.unreadable`, `import.hash`, `import.unknown-gateway`
 */
export async function importDump(
  db: Database,
  file: Uint8Array,
  { fileName, by, scope = everywhere, dryRun }: DumpImport,
  context: JournalContext,
): Promise<DumpImportOutcome> {
  const dump = dumpOf(file);
  const line = await findOwner(db, scope, dump.identity);
  if (line === undefined || line.deviceId === null)
    throw new StoreError("import.unknown-gateway", `${dump.identity} is no concentrator that was adopted`);
  const { gatewayId, deviceId, cursor } = line;
  const { identity, made, first, last, entries, poison } = dump;
  const sha256 = fileHash(file, []);
  const topology = topologyOf(entries);
  // Of a concentrator whose line never worked the dump itself tells the meters, as the line would have.
  const devices = new Map([
    ...(await findExpectedDevices(db, gatewayId, topology)),
    ...(await readLogicalDevices(db, gatewayId)),
  ]);
  const contents = contentsOf(entries, devices, deviceId, context);
  const before = (await findImportOf(db, sha256)) ?? null;
  const outcome = {
    identity,
    made,
    first,
    last,
    entries: entries.length + poison.length,
    beyondCursor: entries.filter(({ number }) => number > cursor).length,
    unreadable: poison.length,
    meters: await metersOf(db, gatewayId, contents, topology, context),
    before,
  };
  if (dryRun) return outcome;
  const spans = contents.flatMap((content) => spanOf(content, context.zone));
  const importId =
    before ??
    (await beginImport(db, {
      sha256,
      fileName,
      kind: "concentrator-dump",
      gatewayId,
      first,
      last,
      refused: poison.length,
      by,
      spans,
    }));
  const stored = { intervals: 0, registers: 0, events: 0, kept: 0 };
  for (let from = 0; from === 0 || from < entries.length; from += entriesAtOnce) {
    const part = await storeJournal(
      db,
      {
        gatewayId,
        deviceId,
        entries: entries.slice(from, from + entriesAtOnce),
        poison: from === 0 ? poison : [],
        blockKind: "mc-dump",
        receivedAtMs: context.nowMs,
      },
      context,
    );
    for (const name of ["intervals", "registers", "events", "kept"] as const) stored[name] += part[name];
  }
  if (before === null) await keepRegisters(db, importId, contents, context.nowMs);
  await finishImport(db, importId, spans, stored);
  return { ...outcome, stored: { importId, ...stored } };
}

/** A retired one too: its store may be all that is left of the last days. */
async function findOwner(
  db: Database,
  scope: Scope,
  identity: string,
): Promise<Pick<GatewayLine, "gatewayId" | "deviceId" | "cursor"> | undefined> {
  const { rows } = await db.query<Pick<GatewayLine, "gatewayId" | "deviceId" | "cursor">>(sql`
    select g.gateway_id as "gatewayId", g.device_id as "deviceId", g.cursor from gateway as g
    where g.identity = ${identity} and g.state in ('adopted', 'retired') and ${gatewayInScope(scope)}`);
  return rows[0];
}

interface MeterContent {
  readonly logicalDevice: number;
  readonly device: LogicalDevice | undefined;
  entries: number;
  readonly delivery: Delivery & { profiles: ProfileReading[]; registers: RegisterReading[] };
}

function topologyOf(entries: readonly JournalEntry[]): TopologyEntry[] {
  return entries.flatMap(({ kind, number, writtenAtMs, body }) => {
    if (kind !== "meters") return [];
    try {
      return [{ number, writtenAtMs, meters: decodeMetersBody(body) }];
    } catch (error) {
      // Storing it puts it aside as poison.
      if (!isUndecodable(error)) throw error;
      return [];
    }
  });
}

function contentsOf(
  entries: readonly JournalEntry[],
  devices: ReadonlyMap<number, LogicalDevice>,
  gatewayDeviceId: number,
  { nowMs }: JournalContext,
): MeterContent[] {
  const found = new Map<number, MeterContent>();
  for (const { logicalDevice, kind, body } of entries) {
    if (logicalDevice === 1 || (kind !== "profile" && kind !== "registers")) continue;
    const device = devices.get(logicalDevice);
    const content = found.get(logicalDevice) ?? {
      logicalDevice,
      device,
      entries: 0,
      delivery: {
        deviceId: device?.deviceId ?? gatewayDeviceId,
        meterId: device?.meterId ?? null,
        receivedAtMs: nowMs,
        blocks: [],
        profiles: [],
        registers: [],
        events: [],
      },
    };
    found.set(logicalDevice, content);
    content.entries++;
    try {
      if (kind === "profile") content.delivery.profiles.push(decodeProfileBody(body));
      else content.delivery.registers.push(...decodeRegistersBody(body));
    } catch (error) {
      // Storing it puts it aside as poison.
      if (!isUndecodable(error)) throw error;
    }
  }
  return [...found.values()].sort((a, b) => a.logicalDevice - b.logicalDevice);
}

async function metersOf(
  db: Database,
  gatewayId: number,
  contents: readonly MeterContent[],
  topology: readonly TopologyEntry[],
  context: JournalContext,
): Promise<DumpMeter[]> {
  const adopted = contents.filter(({ device }) => device);
  const compared = await compareProfiles(
    db,
    adopted.map(({ delivery }) => delivery),
    context,
  );
  const { rows } = await db.query<{ logicalDevice: number; name: string }>(sql`
    select logical_device as "logicalDevice", name from gateway_meter where gateway_id = ${gatewayId}::int`);
  const told = topology.flatMap(({ meters }) => meters);
  const names = new Map([...told, ...rows].map(({ logicalDevice, name }) => [logicalDevice, name]));
  return contents.map(({ logicalDevice, device, entries, delivery }) => {
    const { intervals = 0, added = 0, differ = 0 } = compared.get(device?.meterId ?? -1) ?? {};
    return {
      logicalDevice,
      name: names.get(logicalDevice) ?? "",
      meterId: device?.meterId ?? null,
      entries,
      intervals,
      added,
      differ,
      registers: delivery.registers.length,
    };
  });
}

function spanOf({ delivery }: MeterContent, zone: string): MeterSpan[] {
  const { meterId, profiles } = delivery;
  if (meterId === null || profiles.length === 0) return [];
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { startsMs } of profiles)
    for (const ms of startsMs) {
      from = Math.min(from, ms);
      to = Math.max(to, ms);
    }
  if (from > to) return [];
  return [{ meterId, fromDay: marketDayOf(from, zone).date, toDay: marketDayOf(to, zone).date }];
}

/** Readings that this import added: of its receipt, at the instants of the file. */
async function keepRegisters(
  db: Database,
  importId: number,
  contents: readonly MeterContent[],
  receivedAtMs: number,
): Promise<void> {
  const rows = contents.flatMap(({ delivery }) =>
    delivery.meterId === null
      ? []
      : delivery.registers.map(({ obis, measuredAtMs }) => ({
          meterId: delivery.meterId,
          obis,
          measuredAtMs,
        })),
  );
  await noteRegisters(db, importId, rows, receivedAtMs);
}

/** Keeps which readings an import added, by the moment of their receipt, which is its own. */
export async function noteRegisters(
  db: Database,
  importId: number,
  rows: readonly { readonly meterId: number | null; readonly obis: string; readonly measuredAtMs: number }[],
  receivedAtMs: number,
): Promise<void> {
  if (rows.length === 0) return;
  await db.query(sql`
    insert into reading_import_register (reading_import_id, meter_id, obis, measured_at, version, value, unit)
    select distinct on (stored.meter_id, stored.obis, stored.measured_at)
      ${importId}::int, stored.meter_id, stored.obis, stored.measured_at, stored.version, stored.value, stored.unit
    from unnest(${rows.map(({ meterId }) => meterId)}::int[], ${rows.map(({ obis }) => obis)}::text[],
      ${rows.map(({ measuredAtMs }) => new Date(measuredAtMs).toISOString())}::timestamptz[])
      as given (meter_id, obis, measured_at)
    join register_reading as stored using (meter_id, obis, measured_at)
    where stored.received_at = ${new Date(receivedAtMs).toISOString()}::timestamptz
    order by stored.meter_id, stored.obis, stored.measured_at, stored.version desc
    on conflict do nothing`);
}

function dumpOf(file: Uint8Array): JournalDump {
  let dump: JournalDump;
  try {
    dump = parseDump(file);
  } catch (error) {
    if (error instanceof DumpError) throw new StoreError("import.unreadable", error.message, error);
    throw error;
  }
  if (createHash("sha256").update(dump.hashed).digest("hex") !== dump.sha256)
    throw new StoreError("import.hash", "the file is not what the concentrator wrote: its hash differs");
  return dump;
}
