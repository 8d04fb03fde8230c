import { createServer, type Server } from "node:net";
import { TcpLine } from "@energsys/drivers";
import type { Clock } from "@energsys/protocols";
import type { ConsoleSubject } from "./commands.ts";
import { ConsoleSession } from "./session.ts";

/** Technicians at the same time; a port of this machine needs no more. */
const sessionsMax = 4;
/** A port that another program has is tried again after so long. */
const retryMs = 10_000;

export interface ListeningConsoleOptions {
  /** HOST:PORT of this machine, such as `127.0.0.1:4060`. */
  readonly address: string;
  readonly subject: () => ConsoleSubject;
  readonly clock: Clock;
  /** Told the code of the system (`EADDRINUSE`) once for each time that the port is not to be had, not for each attempt. */
  readonly onTrouble: (code: string) => void;
}

export interface ListeningConsole {
  /** The port, once it listens. */
  readonly port: number | undefined;
  stop(): Promise<void>;
}

/**
 * The console on a TCP port of this machine. A concentrator reads its meters whether the port is to be had or not. Who may reach it is
 * who may sign in to the gateway.
 */
export function holdListeningConsole(options: ListeningConsoleOptions): ListeningConsole {
  const { address, subject, clock } = options;
  const split = address.lastIndexOf(":");
  const place = {
    host: address.slice(0, split).replace(/^\[|\]$/g, ""),
    port: Number(address.slice(split + 1)),
  };
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
  let troubled = false;
  let cancel: () => void = () => undefined;
  server.on("error", (cause: NodeJS.ErrnoException) => {
    if (!troubled) options.onTrouble(cause.code ?? cause.message);
    troubled = true;
    if (!server.listening) cancel = clock.after(retryMs, () => server.listen(place));
  });
  server.on("listening", () => {
    troubled = false;
  });
  server.listen(place);
  return {
    get port() {
      const bound = server.address();
      return typeof bound === "object" && bound ? bound.port : undefined;
    },
    stop: () => {
      cancel();
      for (const line of lines) line.close();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
