import { createServer, type Socket } from "node:net";
import type { ByteStream } from "@energsys/protocols";
import { listenError } from "../links/listening.ts";

export interface OneAtATime {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A serial server: a TCP port whose line belongs to whoever connected last, the one before is cut.
 * @throws SimulatorError `simulator.port-used`, `simulator.port-denied`
 */
export async function listenForOne(
  place: { readonly host?: string; readonly port?: number },
  serve: (stream: ByteStream) => void,
): Promise<OneAtATime> {
  const { host = "127.0.0.1", port = 0 } = place;
  let current: Socket | undefined;
  const server = createServer((socket) => {
    current?.destroy();
    current = socket;
    socket.setNoDelay(true);
    // Whoever goes away is no fault of what is behind.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (current === socket) current = undefined;
    });
    serve({
      write: (bytes) => {
        if (!socket.destroyed) socket.write(bytes);
      },
      onBytes: (listener) => void socket.on("data", listener),
      onEnd: (listener) => void socket.on("close", () => listener()),
      close: () => socket.destroy(),
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
