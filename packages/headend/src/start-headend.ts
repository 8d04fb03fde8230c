import { type Database, openDatabase } from "@energsys/store";
import pino, { type Logger } from "pino";
import { HeadendError } from "./errors.ts";
import { Headend, type HeadendOptions } from "./headend.ts";
import { realClock } from "./real-clock.ts";

export interface StartHeadendOptions extends Partial<Omit<HeadendOptions, "db">> {
  /** The database, or its URL: one that was opened here is closed by `stop`. */
  readonly database: Database | string;
}

export interface RunningHeadend {
  /** Address that devices may call, `host:port`; `undefined` when nobody can. */
  readonly listen: string | undefined;
  readonly headend: Headend;
  stop(): Promise<void>;
}

/**
 * Starts a head-end in this process.
 * @throws HeadendError `headend.port-used`, `headend.port-denied`
 */
export async function startHeadend(options: StartHeadendOptions): Promise<RunningHeadend> {
  const { database, ...rest } = options;
  const log: Logger = rest.log ?? pino({ level: "silent" });
  const db =
    typeof database === "string"
      ? openDatabase({
          url: database,
          applicationName: "energsys-headend",
          connectionsMax: 6,
          onConnectionError: (error) => log.warn({ err: error }, "connection to the database lost"),
        })
      : database;
  const headend = new Headend({ zone: "Europe/Bucharest", clock: realClock, ...rest, log, db });
  try {
    const { listen } = await headend.start();
    return {
      listen,
      headend,
      stop: async () => {
        await headend.stop();
        if (typeof database === "string") await db.close();
      },
    };
  } catch (error) {
    await headend.stop();
    if (typeof database === "string") await db.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new HeadendError("headend.port-used", `${rest.listen}: another process listens there`, error);
    }
    if (code === "EACCES" || code === "EADDRNOTAVAIL") {
      throw new HeadendError("headend.port-denied", `${rest.listen}: ${code}`, error);
    }
    throw error;
  }
}
