import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { SimulatorError } from "../errors.ts";
import { lineClock } from "../links/line-clock.ts";
import { listenBus } from "./bus-server.ts";
import { actOn } from "./field-console.ts";
import { buildFieldSite } from "./field-site.ts";
import { listenModem } from "./modem-server.ts";

const options = {
  listen: { type: "string", default: "127.0.0.1:0" },
  supply: { type: "string", default: "127.0.0.1:0" },
  modem: { type: "string", default: "127.0.0.1:0" },
  modules: { type: "string", default: "2" },
  inputs: { type: "string", default: "8" },
  meters: { type: "string", default: "2" },
  duplex: { type: "string", default: "full" },
  baud: { type: "string", default: "9600" },
  parity: { type: "boolean", default: false },
  seed: { type: "string", default: "1" },
} as const;

/** @throws SimulatorError `simulator.option-invalid` with everything that is wrong */
export function readFieldConfig(args: readonly string[]) {
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];
  try {
    values = parseArgs({ args: [...args], strict: true, options }).values;
  } catch (cause) {
    throw new SimulatorError("simulator.option-invalid", (cause as Error).message, cause);
  }
  const wrong: string[] = [];
  const place = (name: "listen" | "supply" | "modem") => {
    const [, host = "", port = ""] = /^([\w.-]+):(\d{1,5})$/.exec(values[name]) ?? [];
    if (host === "" || Number(port) > 65_535) wrong.push(`--${name} is HOST:PORT`);
    return { host, port: Number(port) };
  };
  const count = (name: "modules" | "inputs" | "meters" | "seed" | "baud", least: number, most: number) => {
    const value = Number(values[name]);
    if (!/^\d{1,9}$/.test(values[name]) || value < least || value > most)
      wrong.push(`--${name} is ${least} to ${most}`);
    return value;
  };
  const config = {
    listen: place("listen"),
    supply: place("supply"),
    modem: place("modem"),
    modules: count("modules", 0, 32),
    inputs: count("inputs", 8, 32),
    meters: count("meters", 0, 32),
    seed: count("seed", 0, 999_999_999),
    baudRate: count("baud", 0, 115_200),
    half: values.duplex === "half",
    evenParity: values.parity,
  };
  if (![8, 16, 32].includes(config.inputs)) wrong.push("--inputs is 8, 16 or 32");
  if (!["full", "half"].includes(values.duplex)) wrong.push("--duplex is full or half");
  if (wrong.length > 0) throw new SimulatorError("simulator.option-invalid", wrong.join("; "));
  return { ...config, inputs: config.inputs as 8 | 16 | 32 };
}

/**
 * Runs one site until SIGTERM or SIGINT: a bus, the supply unit's line and a modem, each behind a TCP port. Lines on its input do
 * something to the site (`door 30001001 1 open`); each is answered with a line.
 */
export async function runField(args: readonly string[]): Promise<void> {
  const config = readFieldConfig(args);
  const { modules, inputs, meters, seed, baudRate, evenParity } = config;
  const clock = lineClock(Date.now);
  const site = buildFieldSite({
    clock,
    seed,
    modules,
    inputs,
    meters,
    duplex: config.half ? "half" : "full",
    ...(baudRate > 0 && { baudRate }),
  });
  const bus = await listenBus(site.bus, { ...config.listen, evenParity });
  const supply = await listenBus(site.supplyBus, { ...config.supply, evenParity });
  const modem = await listenModem({ clock, seed, subscribers: site.subscribers }, config.modem);

  const stop = async () => {
    site.stop();
    await Promise.all([bus.close(), supply.close(), modem.close()]);
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const ready = {
    ready: true,
    bus: `${config.listen.host}:${bus.port}`,
    supply: `${config.supply.host}:${supply.port}`,
    modem: `${config.modem.host}:${modem.port}`,
    modules: [...site.modules.keys()],
    supplyUnit: site.supply.serial,
    meters: [...site.meters].map(([address, { claim }]) => ({ address, serial: claim.serial })),
    numbers: [...site.subscribers.keys()],
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== "") process.stdout.write(`${actOn(site, line)}\n`);
  }
}
