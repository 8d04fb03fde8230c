import type { ByteStream } from "@energsys/protocols";
import { withEvenParity } from "@energsys/protocols/iec62056-21";
import type { Bus } from "./bus.ts";
import { listenForOne, type OneAtATime } from "./one-at-a-time.ts";

/** A bus behind a serial server: whoever connects last is its master. */
export type BusServer = OneAtATime;

export interface BusPlace {
  readonly host?: string;
  /** 0 = any free port (default). */
  readonly port?: number;
  /** Sets bit 7 to even parity in what the slaves say, as a server at 8N1 hands 7E1 on; not for HDLC. */
  readonly evenParity?: boolean;
}

/** Joins whoever is on a stream to a bus as its master: a socket, or the other end of a serial port. */
export function joinBus(bus: Bus, stream: ByteStream, evenParity = false): void {
  const master = bus.master();
  master.onBytes((bytes) => stream.write(evenParity ? withEvenParity(bytes) : bytes));
  stream.onBytes((bytes) => master.write(bytes));
  stream.onEnd(() => master.close());
}

/**
 * Offers a bus on a TCP port, bytes as they are (8N1, without parity unless told).
 * @throws SimulatorError `simulator.port-used`, `simulator.port-denied`
 */
export const listenBus = (bus: Bus, place: BusPlace = {}): Promise<BusServer> =>
  listenForOne(place, (stream) => joinBus(bus, stream, place.evenParity));
