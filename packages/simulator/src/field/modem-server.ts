import { createServer, type Socket } from "node:net";
import { listenError } from "../links/listening.ts";
import { VirtualModem, type VirtualModemOptions } from "./virtual-modem.ts";

export interface ModemServer {
  readonly port: number;
  /** The modem of the computer that is connected now. */
  modem(): VirtualModem | undefined;
  close(): Promise<void>;
}

/**
 * A modem behind a serial server: whoever connects last has it, and finds it as after power on.
 * @throws SimulatorError `simulator.port-used`, `simulator.port-denied`
 */
export async function listenModem(
  options: VirtualModemOptions,
  place: { readonly host?: string; readonly port?: number } = {},
): Promise<ModemServer> {
  const { host = "127.0.0.1", port = 0 } = place;
  let current: Socket | undefined;
  let modem: VirtualModem | undefined;
  const server = createServer((socket) => {
    current?.destroy();
    current = socket;
    socket.setNoDelay(true);
    // A computer that goes away is no fault of the modem.
    socket.on("error", () => socket.destroy());
    modem = new VirtualModem(
      {
        write: (bytes) => {
          if (!socket.destroyed) socket.write(bytes);
        },
        onBytes: (listener) => void socket.on("data", listener),
        onEnd: (listener) => void socket.on("close", () => listener()),
        close: () => socket.destroy(),
      },
      options,
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(host, port, cause)));
    server.listen({ host, port, backlog: 8 }, resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : port,
    modem: () => modem,
    async close() {
      current?.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
