import { JournalCursor } from "./cursor.ts";
import { type JournalEntry, type PoisonEntry, readEntry } from "./entries.ts";

export const supplyStates = ["mains", "backup", "battery-low", "shutting-down"] as const;
export type SupplyState = (typeof supplyStates)[number] | "unknown";

/** Identity of a concentrator: `ENC` and 13 digits. */
export const gatewayIdentity = /^ENC\d{13}$/;

/** What a concentrator says of itself when it calls and in each heartbeat (docs/protocols/concentrator-centre.md, section 2). */
export interface Announcement {
  readonly identity: string;
  readonly protocol: string;
  readonly firmware: string;
  readonly meters: number;
  readonly newest: number;
  readonly oldest: number;
  readonly taken: number;
  readonly supply: SupplyState;
}

/** The body of an announcement. @throws DecodeError `journal.*` */
export function decodeAnnouncement(body: Uint8Array): Announcement {
  const cursor = new JournalCursor(body);
  cursor.structure(8);
  const identity = cursor.text();
  if (!gatewayIdentity.test(identity)) throw cursor.fail("identity");
  const protocol = cursor.text().slice(0, 32);
  const firmware = cursor.text().slice(0, 64);
  const [meters, newest, oldest, taken, supply] = [
    cursor.number(),
    cursor.number(),
    cursor.number(),
    cursor.number(),
    cursor.number(),
  ];
  if (cursor.left > 0) throw cursor.fail("trailing");
  return {
    identity,
    protocol,
    firmware,
    meters,
    newest,
    oldest,
    taken,
    supply: supplyStates[supply] ?? "unknown",
  };
}

/** Entries that a concentrator told at once. */
export interface PushedEntries {
  readonly identity: string;
  readonly entries: readonly JournalEntry[];
  readonly poison: readonly PoisonEntry[];
}

/** The body of a push of events (section 3). @throws DecodeError `journal.*` */
export function decodePushedEntries(body: Uint8Array): PushedEntries {
  const cursor = new JournalCursor(body);
  cursor.structure(2);
  const identity = cursor.text();
  const count = cursor.array(2);
  const entries: JournalEntry[] = [];
  const poison: PoisonEntry[] = [];
  for (let nth = 0; nth < count; nth++) {
    const start = cursor.offset;
    cursor.skip();
    const entry = readEntry(body.subarray(start, cursor.offset));
    if ("code" in entry) poison.push(entry);
    else entries.push(entry);
  }
  if (cursor.left > 0) throw cursor.fail("trailing");
  return { identity, entries, poison };
}
