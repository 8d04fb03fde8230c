import type { DeviceEvent, ProfileReading, RawBlock, RegisterReading } from "@energsys/metering";
import type { Database } from "./database.ts";

/** What one exchange with a device brought, ready to be stored in one transaction. */
export interface Delivery {
  readonly deviceId: number;
  readonly meterId: number;
  readonly attemptId?: number;
  readonly receivedAtMs: number;
  readonly blocks: readonly RawBlock[];
  readonly profiles: readonly ProfileReading[];
  readonly registers: readonly RegisterReading[];
  readonly events: readonly DeviceEvent[];
  /** Clock of the device minus ours. */
  readonly clockOffsetMs?: number;
}

/** What a delivery changed; all zero when everything was there already. */
export interface DeliveryOutcome {
  /** Slots of meter channels that are new or have another value now. */
  readonly intervals: number;
  /** Rows of load_day written, both layers. */
  readonly daysWritten: number;
  readonly registers: number;
  readonly events: number;
  /** Times that the transaction was repeated because another writer had changed the same days. */
  readonly repeats: number;
}

export interface StoreContext {
  readonly nowMs: number;
  /** Zone of the market days, such as Europe/Bucharest. */
  readonly zone: string;
}

/**
 * Stores deliveries in one transaction: raw blocks, merged days of meters and of points, registers, events, the device's
 * cursors. When it resolves the data is durable and the device may be told so. Delivering again changes nothing.
 */
export async function storeDeliveries(
  _db: Database,
  _deliveries: readonly Delivery[],
  _context: StoreContext,
): Promise<DeliveryOutcome> {
  throw new Error("not there yet");
}
