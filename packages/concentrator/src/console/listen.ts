import { createServer, type Server } from "node:net";
import { TcpLine } from "@energsys/drivers";
import type { Clock } from "@energsys/protocols";
import { ConcentratorError } from "../errors.ts";
import type { ConsoleSubject } from "./commands.ts";
import { ConsoleSession } from "./session.ts";

/** Technicians at the same time; a port of this machine needs no more. */
const sessionsMax = 4;

export interface ListeningConsole {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * The console on a TCP port of this machine, such as `127.0.0.1:4060`. Who may reach it is who may sign in to the gateway.
 * @throws ConcentratorError `concentrator.configuration` when the port is taken, or not to be had
 */
export async function listenConsole(
  address: string,
  subject: () => ConsoleSubject,
  clock: Clock,
): Promise<ListeningConsole> {
  const split = address.lastIndexOf(":");
  const host = address.slice(0, split).replace(/^\[|\]$/g, "");
  const lines = new Set<TcpLine>();
  const server: Server = createServer((socket) => {
    if (lines.size >= sessionsMax) {
      socket.destroy();
      return;
    }
    const line = new TcpLine(socket, clock);
    lines.add(line);
    line.onEnd(() => lines.delete(line));
    new ConsoleSession(line.stream(), subject(), line.remoteAddress);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        new ConcentratorError(
          "concentrator.configuration",
          `console.listen: ${address}: ${cause.code}`,
          cause,
        ),
      ),
    );
    server.listen(Number(address.slice(split + 1)), host, resolve);
  });
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound ? bound.port : 0,
    stop: () => {
      for (const line of lines) line.close();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
