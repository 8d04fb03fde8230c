import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { SimulatorError } from "../errors.ts";
import { lineClock } from "../links/line-clock.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { findLinkProfile, linkProfiles, overHops } from "./link-profile.ts";

/** What `energsys simulate proxy` was told. */
interface ProxyConfig {
  readonly listen: { readonly host: string; readonly port: number };
  readonly to: { readonly host: string; readonly port: number };
  readonly profile: keyof typeof linkProfiles;
  /** Radio modules that hand on, one after the other. */
  readonly hops: number;
  readonly seed: number;
}

/** @throws SimulatorError `simulator.option-invalid` */
export function readProxyConfig(args: readonly string[]): ProxyConfig {
  let values: Readonly<Record<string, string | undefined>>;
  try {
    values = parseArgs({
      args: [...args],
      strict: true,
      options: {
        listen: { type: "string", default: "127.0.0.1:0" },
        to: { type: "string" },
        profile: { type: "string", default: "gprs" },
        hops: { type: "string", default: "1" },
        seed: { type: "string", default: "1" },
      },
    }).values;
  } catch (cause) {
    throw new SimulatorError("simulator.option-invalid", (cause as Error).message, cause);
  }
  const listen = placeOf(values.listen);
  const to = placeOf(values.to);
  const names = Object.keys(linkProfiles).join(", ");
  const wrong = [
    ...(listen ? [] : ["--listen is HOST:PORT"]),
    ...(to && to.port > 0 ? [] : ["--to is HOST:PORT"]),
    ...(findLinkProfile(values.profile ?? "") ? [] : [`--profile is one of ${names}`]),
    ...(/^(?:[1-9]|1\d|20)$/.test(values.hops ?? "") ? [] : ["--hops is 1 to 20"]),
    ...(/^\d{1,9}$/.test(values.seed ?? "") ? [] : ["--seed is a whole number"]),
  ];
  if (wrong.length > 0 || !listen || !to) {
    throw new SimulatorError("simulator.option-invalid", wrong.join("; "));
  }
  return {
    listen,
    to,
    profile: values.profile as keyof typeof linkProfiles,
    hops: Number(values.hops),
    seed: Number(values.seed),
  };
}

/**
 * What a line of its input does to the connections: `hold` and `go` (an outage of the cell that delays), `cut`, `profile NAME` for
 * those from now on.
 * @returns the answer
 */
export function actOnProxy(
  proxy: Pick<FaultProxy, "hold" | "cutAll" | "setProfile">,
  hops: number,
  line: string,
): string {
  const [word = "", name = "", ...more] = line.trim().split(/\s+/);
  const profile = findLinkProfile(name);
  if (more.length > 0) return wrongLine;
  if (word === "profile" && profile) proxy.setProfile(overHops(profile, hops));
  else if (name !== "") return wrongLine;
  else if (word === "hold" || word === "go") proxy.hold(word === "hold");
  else if (word === "cut") proxy.cutAll();
  else return wrongLine;
  return "ok";
}
const wrongLine = `say hold, go, cut, or profile ${Object.keys(linkProfiles).join("|")}`;

/** Runs the proxy until SIGTERM or SIGINT; says on its output where it listens, and answers the lines of its input. */
export async function runProxy(args: readonly string[]): Promise<void> {
  const { listen, to, profile, hops, seed } = readProxyConfig(args);
  const clock = lineClock(Date.now);
  const proxy = await startFaultProxy({
    ...listen,
    to,
    profile: overHops(linkProfiles[profile], hops),
    seed,
    clock,
  });
  const stop = async () => {
    process.stdout.write(`${JSON.stringify(proxy.counts())}\n`);
    await proxy.close();
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const ready = {
    ready: true,
    listen: `${listen.host}:${proxy.port}`,
    to: `${to.host}:${to.port}`,
    profile,
    hops,
    seed,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== "") process.stdout.write(`${actOnProxy(proxy, hops, line)}\n`);
  }
}

function placeOf(text: string | undefined): { host: string; port: number } | undefined {
  const [, host, port] = /^([\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(text ?? "") ?? [];
  if (host === undefined || Number(port) > 65_535) return undefined;
  return { host: host.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}
