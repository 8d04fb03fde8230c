import { createServer } from "node:net";
import { CliError } from "../cli-error.ts";

const firstPort = 21_000;
const lastPort = 60_000;
const blockStep = 1000;

/** The first of `count` loopback ports in a row that nobody uses. @throws CliError `sample-network.no-ports` */
export async function findFreePorts(count: number): Promise<number> {
  for (let base = firstPort; base + count <= lastPort; base += blockStep) {
    if (await allFree(base, count)) return base;
  }
  throw new CliError("sample-network.no-ports", `no ${count} free ports in a row below ${lastPort}`);
}

async function allFree(base: number, count: number): Promise<boolean> {
  for (let port = base; port < base + count; port++) if (!(await isFree(port))) return false;
  return true;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
