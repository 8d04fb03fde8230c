import { parseArgs } from "node:util";
import Type from "typebox";
import Value from "typebox/value";
import { SimulatorError } from "./errors.ts";
import { readFaultPlan } from "./faults.ts";
import { meterKinds } from "./meter/description.ts";
import { pointsMax, type SimulatorOptions } from "./simulator.ts";

const count = (minimum: number, maximum: number, missing: number) =>
  Type.Integer({ minimum, maximum, default: missing });

/** Flags and environment of the process, in one schema. */
const schema = Type.Object(
  {
    points: count(1, pointsMax, 24),
    seed: count(0, 2_147_483_647, 1),
    days: count(1, 400, 30),
    "base-port": count(0, 65_535, 20_000),
    "call-in": Type.Optional(Type.String({ pattern: "^[^:]+:[0-9]{1,5}$" })),
    "share-call-in": Type.Number({ minimum: 0, maximum: 1, default: 0.1 }),
    kinds: Type.Optional(
      Type.String({ pattern: `^(${meterKinds.join("|")})=[0-9]+(,(${meterKinds.join("|")})=[0-9]+)*$` }),
    ),
    faults: Type.Optional(Type.String()),
    "plan-every": count(10, 86_400, 900),
    inventory: Type.Optional(Type.String()),
    zone: Type.String({ default: "Europe/Bucharest" }),
    "log-level": Type.Union(
      ["trace", "debug", "info", "warn", "error", "fatal", "silent"].map((level) => Type.Literal(level)),
      { default: "info" },
    ),
  },
  { additionalProperties: false },
);

export interface SimulatorConfig {
  readonly options: SimulatorOptions;
  readonly logLevel: string;
}

/**
 * Reads flags (`--points 60`) and the common environment (`ENERGSYS_ZONE`, `ENERGSYS_LOG_LEVEL`).
 * @throws SimulatorError `simulator.option-invalid` with everything that is wrong, `simulator.faults-invalid`
 */
export function readConfig(args: readonly string[], environment: NodeJS.ProcessEnv): SimulatorConfig {
  const flags = Object.fromEntries(
    Object.keys(schema.properties).map((name) => [name, { type: "string" as const }]),
  );
  let given: Record<string, unknown>;
  try {
    given = { ...parseArgs({ args: [...args], options: flags, strict: true }).values };
  } catch (cause) {
    throw new SimulatorError("simulator.option-invalid", (cause as Error).message, cause);
  }
  const known = {
    ...(environment.ENERGSYS_ZONE && { zone: environment.ENERGSYS_ZONE }),
    ...(environment.ENERGSYS_LOG_LEVEL && { "log-level": environment.ENERGSYS_LOG_LEVEL }),
    ...given,
  };
  const values = Value.Default(schema, Value.Convert(schema, known));
  const wrong = [...Value.Errors(schema, values)].map(
    (error) => `--${error.instancePath.slice(1)} ${error.message}`,
  );
  if (!isZone((values as { zone?: unknown }).zone)) wrong.push("--zone is no time zone of this machine");
  if (wrong.length > 0) throw new SimulatorError("simulator.option-invalid", wrong.join("; "));
  return toOptions(values as Type.Static<typeof schema>);
}

function toOptions(values: Type.Static<typeof schema>): SimulatorConfig {
  const [host = "", port = ""] = values["call-in"]?.split(":") ?? [];
  const shares = values.kinds?.split(",").map((part) => part.split("="));
  return {
    logLevel: String(values["log-level"]),
    options: {
      points: values.points,
      seed: values.seed,
      days: values.days,
      basePort: values["base-port"],
      everySeconds: values["plan-every"],
      zone: values.zone,
      ...(values["call-in"] && { callIn: { host, port: Number(port), share: values["share-call-in"] } }),
      ...(shares && { shares: Object.fromEntries(shares.map(([kind, weight]) => [kind, Number(weight)])) }),
      ...(values.faults && { faults: readFaultPlan(values.faults) }),
      ...(values.inventory && { inventoryFile: values.inventory }),
    },
  };
}

function isZone(zone: unknown): boolean {
  try {
    return typeof zone === "string" && new Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}
