import { parseArgs } from "node:util";
import { SimulatorError } from "../errors.ts";
import { pacedClock } from "../links/paced-clock.ts";
import { startVirtualConcentrator, type VirtualConcentrator } from "./virtual-concentrator.ts";

const options = {
  "call-in": { type: "string", default: "" },
  count: { type: "string", default: "1" },
  modules: { type: "string", default: "2" },
  meters: { type: "string", default: "2" },
  seed: { type: "string", default: "1" },
  folder: { type: "string" },
} as const;

/** @throws SimulatorError `simulator.option-invalid` with everything that is wrong */
export function readConcentratorsConfig(args: readonly string[]) {
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];
  try {
    values = parseArgs({ args: [...args], strict: true, options }).values;
  } catch (cause) {
    throw new SimulatorError("simulator.option-invalid", (cause as Error).message, cause);
  }
  const wrong: string[] = [];
  const count = (name: "count" | "modules" | "meters" | "seed", least: number, most: number) => {
    const value = Number(values[name]);
    if (!/^\d{1,9}$/.test(values[name]) || value < least || value > most)
      wrong.push(`--${name} is ${least} to ${most}`);
    return value;
  };
  const config = {
    callIn: values["call-in"],
    count: count("count", 1, 100),
    modules: count("modules", 0, 32),
    meters: count("meters", 0, 32),
    seed: count("seed", 0, 999_999_000),
    ...(values.folder !== undefined && { folder: values.folder }),
  };
  if (!/^[\w.-]+:\d{1,5}$/.test(config.callIn)) wrong.push("--call-in is HOST:PORT");
  if (wrong.length > 0) throw new SimulatorError("simulator.option-invalid", wrong.join("; "));
  return config;
}

/** Runs concentrators until SIGTERM or SIGINT; the n-th has the seed that was given and n more. */
export async function runConcentrators(args: readonly string[]): Promise<void> {
  const { count, seed, ...config } = readConcentratorsConfig(args);
  const clock = pacedClock(Date.now);
  const started: VirtualConcentrator[] = [];
  for (let nth = 0; nth < count; nth++) {
    started.push(await startVirtualConcentrator({ ...config, clock, seed: seed + nth }));
  }
  const stop = async () => {
    await Promise.all(started.map((one) => one.stop()));
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const concentrators = started.map(({ identity, site }) => ({
    identity,
    modules: [...site.modules.keys()],
    meters: [...site.meters.values()].map(({ claim }) => claim.serial),
  }));
  process.stdout.write(`${JSON.stringify({ ready: true, concentrators })}\n`);
}
