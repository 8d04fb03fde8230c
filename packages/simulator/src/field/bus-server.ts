import { createServer, type Server, type Socket } from "node:net";
import type { ByteStream } from "@energsys/protocols";
import { withEvenParity } from "@energsys/protocols/iec62056-21";
import { listenError } from "../links/listening.ts";
import type { Bus } from "./bus.ts";

/** A bus behind a serial server: whoever connects last is its master. */
export interface BusServer {
  readonly port: number;
  close(): Promise<void>;
}

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
export async function listenBus(bus: Bus, place: BusPlace = {}): Promise<BusServer> {
  const { host = "127.0.0.1", port = 0, evenParity } = place;
  let current: Socket | undefined;
  const server: Server = createServer((socket) => {
    current?.destroy();
    current = socket;
    socket.setNoDelay(true);
    // A master that goes away is no fault of the line.
    socket.on("error", () => socket.destroy());
    joinBus(
      bus,
      {
        write: (bytes) => {
          if (!socket.destroyed) socket.write(bytes);
        },
        onBytes: (listener) => void socket.on("data", listener),
        onEnd: (listener) => void socket.on("close", () => listener()),
        close: () => socket.destroy(),
      },
      evenParity,
    );
    socket.on("close", () => {
      if (current === socket) current = undefined;
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(host, port, cause)));
    server.listen({ host, port, backlog: 8 }, resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : port,
    async close() {
      current?.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
