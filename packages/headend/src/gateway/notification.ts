import {
  type Announcement,
  decodeAnnouncement,
  decodePushedEntries,
  isUndecodable,
} from "@energsys/metering";
import { encodeWrapperFrame, type WrapperPorts } from "@energsys/protocols/wrapper";
import {
  type Database,
  type JournalContext,
  recordAnnouncement,
  recordSystemEvent,
  storeJournal,
} from "@energsys/store";
import type { CallInLine, ReceivedPush } from "../call-in-line.ts";

const confirmedBit = 0x40;
const notification = 0x0f;
const confirmation = 0x10;
const noDateTime = 0;

/** Body of a DataNotification as bytes, or `undefined` for another APDU. */
export function findBody(apdu: Uint8Array): Uint8Array | undefined {
  if (apdu[0] !== notification || apdu.length < 8) return undefined;
  return apdu.subarray(6 + (apdu[5] as number));
}

/** The announcement in an APDU, or `undefined` when it is another message. */
export function findAnnouncement(apdu: Uint8Array): Announcement | undefined {
  const body = findBody(apdu);
  if (body?.[0] !== 2 || body[1] !== 8) return undefined;
  try {
    return decodeAnnouncement(body);
  } catch (error) {
    if (isUndecodable(error)) return undefined;
    throw error;
  }
}

/** The answer to a DataNotification that wants one, as a whole frame. */
export function confirmationFrame(apdu: Uint8Array, { sourcePort, destinationPort }: WrapperPorts) {
  if (((apdu[1] as number) & confirmedBit) === 0) return undefined;
  return encodeWrapperFrame({
    sourcePort: destinationPort,
    destinationPort: sourcePort,
    apdu: Uint8Array.of(confirmation, ...apdu.subarray(1, 5), noDateTime),
  });
}

export interface GatewayPushContext {
  readonly db: Database;
  readonly zone: string;
  readonly clock: { now(): number };
  /** Its journal holds more than is stored. */
  readonly onWanted: (deviceId: number) => void;
}

/**
 * Takes what an adopted concentrator sends of itself: announcements, which are its heartbeat, and events at once. Each is confirmed after
 * COMMIT; what names another concentrator ends the line.
 */
export async function storeGatewayPush(
  push: ReceivedPush,
  line: CallInLine,
  context: GatewayPushContext,
): Promise<void> {
  const { deviceId, identity } = line.device;
  const { db, clock } = context;
  const body = findBody(push.apdu);
  if (!body) return;
  const announcement = findAnnouncement(push.apdu);
  if (announcement) {
    if (announcement.identity !== identity) return line.close();
    await announce(announcement, line, context);
  } else {
    const pushed = pushedEntries(body);
    if (!pushed) return;
    if (pushed.identity !== identity) return line.close();
    const { gatewayId } = line;
    if (gatewayId === undefined) return;
    const journal: JournalContext = { nowMs: clock.now(), zone: context.zone };
    await storeJournal(
      db,
      {
        gatewayId,
        deviceId,
        entries: pushed.entries,
        poison: pushed.poison,
        lease: line.lease,
        blockKind: "mc-push",
        receivedAtMs: journal.nowMs,
      },
      journal,
    );
  }
  const frame = confirmationFrame(push.apdu, push);
  if (frame) line.line.write(frame);
}

async function announce(announcement: Announcement, line: CallInLine, context: GatewayPushContext) {
  const { db, clock, onWanted } = context;
  const { deviceId } = line.device;
  const atMs = clock.now();
  const row = await recordAnnouncement(db, announcement, { remoteAddress: line.line.remoteAddress, atMs });
  if (announcement.supply === "shutting-down" && !line.shutdownAnnounced)
    await recordSystemEvent(db, { deviceId, atMs, code: "system:gateway.shutdown" });
  line.shutdownAnnounced = announcement.supply === "shutting-down";
  if (row && (announcement.newest > row.cursor || row.takenConfirmed < row.cursor)) onWanted(deviceId);
}

function pushedEntries(body: Uint8Array) {
  try {
    return decodePushedEntries(body);
  } catch (error) {
    if (isUndecodable(error)) return undefined;
    throw error;
  }
}
