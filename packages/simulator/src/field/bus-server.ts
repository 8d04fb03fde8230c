import { createServer, type Server, type Socket } from "node:net";
import { listenError } from "../links/listening.ts";
import type { Bus } from "./bus.ts";

/** A bus behind a serial server: whoever connects last is its master. */
export interface BusServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Offers a bus on a TCP port, bytes as they are (8N1 without parity).
 * @throws SimulatorError `simulator.port-used`, `simulator.port-denied`
 */
export async function listenBus(
  bus: Bus,
  place: { readonly host?: string; readonly port?: number } = {},
): Promise<BusServer> {
  const { host = "127.0.0.1", port = 0 } = place;
  let current: Socket | undefined;
  const server: Server = createServer((socket) => {
    current?.destroy();
    current = socket;
    socket.setNoDelay(true);
    const master = bus.master();
    master.onBytes((bytes) => {
      if (!socket.destroyed) socket.write(bytes);
    });
    socket.on("data", (chunk: Uint8Array) => master.write(chunk));
    // A master that goes away is no fault of the line.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      master.close();
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
