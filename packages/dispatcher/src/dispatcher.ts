import { createServer, type Server } from "node:http";
import {
  type Database,
  followPool,
  type KeyProvider,
  KeyRing,
  openDatabase,
  openSwitchingSecrets,
  poolsOfPrograms,
  sql,
} from "@energsys/store";
import type { Logger } from "pino";
import { DispatcherError } from "./errors.ts";

export interface DispatcherOptions {
  readonly databaseUrl: string;
  readonly keyProvider: KeyProvider;
  readonly healthHost: string;
  readonly healthPort: number;
  readonly log: Logger;
}

export interface RunningDispatcher {
  /** Where its health is answered. */
  readonly health: string;
  stop(): Promise<void>;
}

interface Health {
  readonly status: "ready" | "unready";
  readonly database: "up" | "down";
  /** Whether the key opens what is sealed for switching; `none` while nothing is. */
  readonly secrets: "open" | "none" | "closed";
}

/**
 * Starts the process that alone holds the key of the switching client's secrets. It sends nothing yet: it proves that it could open
 * them, and answers how it is.
 * @throws StoreError `secret.master-missing` for another key than they were sealed with; DispatcherError `dispatcher.port-used`
 */
export async function startDispatcher(options: DispatcherOptions): Promise<RunningDispatcher> {
  const { log, healthHost: host } = options;
  const db = openDatabase({
    url: options.databaseUrl,
    applicationName: "energsys-dispatcher",
    ...poolsOfPrograms["energsys-dispatcher"].usual,
    onConnectionError: (error) => log.warn({ err: error }, "connection to the database lost"),
  });
  const following = followPool(db, "energsys-dispatcher", {
    onChange: (settings) => log.info(settings, "the pool of connections has new settings"),
  });
  try {
    const ring = await KeyRing.open(db, options.keyProvider, { kinds: ["switching"] });
    const server = createServer((request, reply) => {
      const found = request.method === "GET" && (request.url === "/live" || request.url === "/health");
      if (!found) {
        reply.writeHead(404).end();
        return;
      }
      if (request.url === "/live") {
        reply.writeHead(200).end();
        return;
      }
      void healthOf(db, ring).then((health) => {
        reply.writeHead(health.status === "ready" ? 200 : 503, {
          "content-type": "application/json",
          "cache-control": "no-store",
        });
        reply.end(JSON.stringify(health));
      });
    });
    const port = await listen(server, host, options.healthPort);
    log.info({ port }, "dispatcher is ready");
    return {
      health: `http://${host.includes(":") ? `[${host}]` : host}:${port}/health`,
      stop: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        following.stop();
        await db.close();
      },
    };
  } catch (error) {
    following.stop();
    await db.close();
    throw error;
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(new DispatcherError("dispatcher.port-used", `cannot listen on ${host}:${port}`, cause));
    });
    server.listen({ host, port }, () => resolve((server.address() as { port: number }).port));
  });
}

/** Opens one secret, and forgets it at once: a key that does not fit shows here and not when somebody waits for the light. */
async function healthOf(db: Database, ring: KeyRing): Promise<Health> {
  let deviceId: number | undefined;
  try {
    const { rows } = await db.query<{ deviceId: number }>(
      sql`select device_id as "deviceId" from switching_secret order by switching_secret_id desc limit 1`,
    );
    deviceId = rows[0]?.deviceId;
  } catch {
    return { status: "unready", database: "down", secrets: "none" };
  }
  if (deviceId === undefined) return { status: "ready", database: "up", secrets: "none" };
  try {
    const secrets = await openSwitchingSecrets(db, ring, deviceId);
    for (const secret of secrets.values()) secret.wipe();
    return { status: "ready", database: "up", secrets: "open" };
  } catch {
    return { status: "unready", database: "up", secrets: "closed" };
  }
}
