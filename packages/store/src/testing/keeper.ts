import { readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { startEmbeddedPostgres } from "../embedded/index.ts";
import { findServerProcesses, isAlive } from "../embedded/running.ts";

/*
 * One server for all test processes of a run. Each of them holds a connection to this process, and the server stops when the
 * last one has let go, however it ended. Arguments: socket to listen on, start of the name of the server's folder.
 */
const [socketPath = "", prefix = ""] = process.argv.slice(2);
const folder = `${prefix}-${process.pid}`;
const lingerMs = 4000;

const listener = createServer();
let clients = 0;
let timer: NodeJS.Timeout | undefined;

const starting = new Promise<{ url: string; stop(): Promise<void> }>((resolve, reject) => {
  // Another keeper was first when the socket is taken; it serves our client too.
  listener.on("error", () => process.exit(0));
  listener.listen(socketPath, () => {
    removeLeftovers();
    // Nothing here has to survive a power cut, and tests write much in small pieces.
    const settings = {
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
      max_connections: "200",
    };
    startEmbeddedPostgres({ folder, settings }).then(resolve, reject);
  });
});

/** Folders of keepers that were killed, once their server has ended too. */
function removeLeftovers(): void {
  const left = readdirSync(dirname(prefix)).filter((name) => name.startsWith(`${basename(prefix)}-`));
  for (const name of left) {
    const path = join(dirname(prefix), name);
    const pid = Number(name.split("-").at(-1));
    if (!isAlive(pid) && findServerProcesses(join(path, "data")).length === 0) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

async function leave(): Promise<void> {
  listener.close();
  const server = await starting.catch(() => undefined);
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}

const leaveLater = () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (clients === 0) void leave();
  }, lingerMs);
};

listener.on("connection", (socket) => {
  clients++;
  socket.on("error", () => {});
  socket.on("close", () => {
    clients--;
    if (clients === 0) leaveLater();
  });
  socket.resume();
  starting.then(
    (server) => socket.write(`${JSON.stringify({ url: server.url })}\n`),
    (error) =>
      socket.end(`${JSON.stringify({ error: String(error?.message ?? error) })}\n`, () => void leave()),
  );
});
process.on("SIGTERM", () => void leave());
leaveLater();
