import { startEmbeddedPostgres } from "../src/index.ts";

/* A process that supervises a server until it is killed; the tests kill it. */
const server = await startEmbeddedPostgres({ folder: process.argv[2] ?? "" });
process.stdout.write(`${JSON.stringify({ url: server.url, pid: server.pid() })}\n`);
setInterval(() => {}, 60_000);
