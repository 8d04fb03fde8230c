import { parseArgs } from "node:util";
import { pino } from "pino";
import { SimulatorError } from "../errors.ts";
import { gridPointsMax } from "../town/grid-town.ts";
import { startTownField, type TownFieldOptions } from "./town-field.ts";

const options = {
  points: { type: "string", default: "60" },
  seed: { type: "string", default: "1" },
  begin: { type: "string" },
  "call-in": { type: "string", default: "" },
  "base-port": { type: "string", default: "0" },
  "plan-every": { type: "string", default: "900" },
  zone: { type: "string" },
  folder: { type: "string" },
  inventory: { type: "string" },
  "call-when": { type: "string" },
  "entered-until": { type: "string" },
} as const;

/** @throws SimulatorError `simulator.option-invalid` with everything that is wrong */
export function readTownConfig(
  args: readonly string[],
  nowMs: number,
  environment: NodeJS.ProcessEnv = {},
): TownFieldOptions {
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];
  try {
    values = parseArgs({ args: [...args], strict: true, options }).values;
  } catch (cause) {
    throw new SimulatorError("simulator.option-invalid", (cause as Error).message, cause);
  }
  const wrong: string[] = [];
  const count = (name: "points" | "seed" | "base-port" | "plan-every", least: number, most: number) => {
    const value = Number(values[name]);
    if (!/^\d{1,10}$/.test(values[name]) || value < least || value > most)
      wrong.push(`--${name} is ${least} to ${most}`);
    return value;
  };
  const { zone = environment.ENERGSYS_ZONE || "Europe/Bucharest" } = values;
  const { folder, inventory, begin = dayBefore(nowMs, zone), "call-when": callWhen } = values;
  const enteredUntil = values["entered-until"];
  const [, host = "", port = ""] = /^([\w.-]+):(\d{1,5})$/.exec(values["call-in"]) ?? [];
  if (host === "") wrong.push("--call-in is HOST:PORT");
  if (enteredUntil !== undefined && !isDay(enteredUntil))
    wrong.push("--entered-until is a day such as 2026-09-01");
  if (!isDay(begin) || begin < "2024-01-01")
    wrong.push("--begin is a day such as 2026-09-01, not before 2024-01-01");
  const config = {
    points: count("points", 1, gridPointsMax),
    seed: count("seed", 0, 2_147_483_647),
    basePort: count("base-port", 0, 65_535),
    everySeconds: count("plan-every", 10, 86_400),
    begin,
    zone,
    callIn: { host, port: Number(port) },
    ...(folder !== undefined && { folder }),
    ...(inventory !== undefined && { inventoryFile: inventory }),
    ...(callWhen !== undefined && { callWhen }),
    ...(enteredUntil !== undefined && { enteredUntil }),
  };
  if (wrong.length > 0) throw new SimulatorError("simulator.option-invalid", wrong.join("; "));
  return config;
}

const isDay = (text: string): boolean => /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** The day before today: the least past that has a whole day. */
function dayBefore(nowMs: number, zone: string): string {
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(zone).toPlainDate();
  return today.subtract({ days: 1 }).toString();
}

/** Runs a town until SIGTERM or SIGINT. */
export async function runTown(args: readonly string[]): Promise<void> {
  const log = pino({ base: { process: "simulator" } }, pino.destination(2));
  const config = readTownConfig(args, Date.now(), process.env);
  const field = await startTownField({ ...config, log });
  const { direct, concentrators } = field;
  log.info({ points: config.points, seed: config.seed, direct, concentrators }, "town started");
  const stop = async (signal: NodeJS.Signals) => {
    log.info({ signal }, "stopping");
    await field.stop();
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const { inventoryFile = null, points } = config;
  process.stdout.write(
    `${JSON.stringify({ ready: true, inventory: inventoryFile, points, direct, concentrators })}\n`,
  );
  await field.running;
}
