import { createServer, type Server, type Socket } from "node:net";
import type { ByteStream } from "@energsys/protocols";
import { afterEach } from "vitest";

export const streamOf = (socket: Socket): ByteStream => ({
  write: (bytes) => void socket.write(bytes),
  onBytes: (listener) => void socket.on("data", listener),
  onEnd: (listener) => void socket.on("close", () => listener()),
  close: () => void socket.destroy(),
});

const servers: Server[] = [];
const sockets: Socket[] = [];

/** A port where `serve` speaks for a device until the test ends. */
export function listen(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    serve(socket);
  });
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
}

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});
