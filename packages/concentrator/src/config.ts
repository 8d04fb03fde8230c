import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { parseDeviceUrl } from "@energsys/drivers";
import { type DeviceSecret, faultsOfSecret } from "@energsys/metering";
import { findMeterModel } from "@energsys/metering/models";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { faultsOfForm } from "./config-faults.ts";
import { ConcentratorError } from "./errors.ts";

const strict = { additionalProperties: false } as const;
const Name = Type.String({
  pattern: "^[0-9A-Za-z._-]{1,32}$",
  description: "1 to 32 letters, digits, dots, dashes or underscores",
});
const Address = Type.String({
  pattern: "^[0-9A-Za-z]{1,32}$",
  description: "1 to 32 letters and digits",
});
/** One address, or a range of numbers: `1-32`; leading zeros of the first number are kept. */
const ScanRange = Type.String({
  pattern: "^([0-9A-Za-z]{1,32}|\\d{1,9}-\\d{1,9})$",
  description: "an address, or a range such as 1-32",
});
const Seconds = (least: number, most: number) => Type.Integer({ minimum: least, maximum: most });
const hostPort = "^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):\\d{1,5}$";
const HostPort = Type.String({ pattern: hostPort, description: "host:port" });
const serialUrl = "serial:/dev/[\\w./@:-]+";
const LineUrl = Type.String({
  pattern: `^(${serialUrl}|tcp://[^/?]+:\\d{1,5})(\\?.*)?$`,
  description: "serial:/dev/ttyUSB0?baud=9600 or tcp://host:port",
});
const ExactDecimal = Type.String({
  pattern: "^\\d{1,12}(\\.\\d{1,6})?$",
  description: "a number in quotes, with a point and 6 decimals at most",
});

const LineSchema = Type.Object(
  {
    name: Name,
    /** `serial:/dev/ttyUSB0?baud=9600` or `tcp://host:port`. */
    url: LineUrl,
    kind: Type.Enum(["iec", "dlms"]),
    /** Addresses that a scan calls: device addresses of IEC 62056-21, or HDLC physical addresses. */
    scan: Type.Optional(Type.Array(ScanRange, { maxItems: 64 })),
    /** How the meters of a DLMS line are spoken to, as in a device URL: `client=16&server=1&auth=low`. */
    dlms: Type.Optional(Type.String({ maxLength: 400 })),
    /** A serial server that was left at 8N1 in front of a 7E1 line: parity is made here. */
    evenParity: Type.Optional(Type.Boolean()),
    /** Where the power supply unit is alone and sends by itself. */
    supply: Type.Optional(Type.Boolean()),
  },
  strict,
);

const MeterSchema = Type.Object(
  {
    /** Three letters of the maker and the serial number; a module is `ENS` and its serial number. */
    name: Type.String({
      pattern: "^[A-Z]{3}[0-9A-Za-z._-]{1,29}$",
      description: "three capital letters of the maker and the serial number",
    }),
    line: Name,
    address: Address,
    model: Type.Optional(Type.String()),
    /** Register of the meter when its module's counter stood at `counterStart`; exact, in Wh. */
    indexStartWh: Type.Optional(ExactDecimal),
    counterStart: Type.Optional(Type.Integer({ minimum: 0, maximum: 9_999_999_999 })),
    /** The input of the module at `address` that counts this meter; absent: the meter or module itself is called there. */
    input: Type.Optional(Type.Integer({ minimum: 1, maximum: 99 })),
  },
  strict,
);

const ConfigSchema = Type.Object(
  {
    identity: Type.String({ pattern: "^ENC\\d{13}$", description: "ENC and 13 digits" }),
    zone: Type.Optional(Type.String()),
    logLevel: Type.Optional(Type.Enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])),
    centre: Type.Object(
      {
        /** May be left out where the device's file names the centre. */
        addresses: Type.Optional(Type.Array(HostPort, { minItems: 1, maxItems: 8 })),
        tls: Type.Optional(
          Type.Union(
            [
              /** The device's file as the centre gave it out: certificate, key, authorities and the centre's address. */
              Type.Object({ file: Type.String({ minLength: 1 }) }, strict),
              Type.Object(
                {
                  certificate: Type.String({ minLength: 1 }),
                  key: Type.String({ minLength: 1 }),
                  authority: Type.String({ minLength: 1 }),
                },
                strict,
              ),
            ],
            { description: "either file, or certificate, key and authority" },
          ),
        ),
        heartbeatSeconds: Type.Optional(Seconds(5, 3600)),
      },
      strict,
    ),
    store: Type.Object(
      {
        path: Type.String({ minLength: 1 }),
        keepDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3660 })),
        sizeMaxMiB: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_048_576 })),
      },
      strict,
    ),
    lines: Type.Array(LineSchema, { minItems: 1, maxItems: 64 }),
    schedule: Type.Optional(
      Type.Object(
        {
          registersEverySeconds: Type.Optional(Seconds(60, 86_400)),
          profilesEverySeconds: Type.Optional(Seconds(60, 86_400)),
          eventsEverySeconds: Type.Optional(Seconds(60, 86_400)),
          /** How long the intervals of pulse counters are gathered before they become an entry of the journal. */
          sealEverySeconds: Type.Optional(Seconds(900, 86_400)),
          scanEverySeconds: Type.Optional(Seconds(60, 2_592_000)),
          clocksEverySeconds: Type.Optional(Seconds(60, 2_592_000)),
          /** How far back the profile of a meter is asked for that was never read. */
          profileBackDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
        },
        strict,
      ),
    ),
    console: Type.Optional(
      Type.Object(
        {
          listen: Type.Optional(
            Type.String({
              pattern: "^(127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\]|localhost):\\d{1,5}$",
              description: "an address of this machine and a port, such as 127.0.0.1:4060",
            }),
          ),
          /** A terminal of its own, 8N1: `serial:/dev/ttyS0?baud=115200`. */
          serial: Type.Optional(
            Type.String({ pattern: `^${serialUrl}(\\?.*)?$`, description: "serial:/dev/ttyS0?baud=9600" }),
          ),
        },
        { ...strict, minProperties: 1 },
      ),
    ),
    /** The modem that carries the link, asked for network and signal on a port of its own beside the call. */
    modem: Type.Optional(
      Type.Object(
        {
          /** As of a line; 8N1. */
          url: LineUrl,
          everySeconds: Type.Optional(Seconds(10, 3600)),
        },
        strict,
      ),
    ),
    /** The clock of this machine is right from the start (its own receiver or NTP). */
    clockTrusted: Type.Optional(Type.Boolean()),
    meters: Type.Optional(Type.Array(MeterSchema, { maxItems: 4000 })),
    /** JSON: by name of the meter or module, its secrets. Never part of what the centre reads. */
    secretsFile: Type.Optional(Type.String({ minLength: 1 })),
  },
  strict,
);

/** The configuration as its file has it. */
export type ConfigFile = Static<typeof ConfigSchema>;
export type MeterConfig = Readonly<Static<typeof MeterSchema>>;

export interface SerialPlace {
  readonly kind: "serial";
  readonly path: string;
  readonly baudRate: number;
}

export type LinePlace = SerialPlace | { readonly kind: "tcp"; readonly host: string; readonly port: number };

export interface LineConfig {
  readonly name: string;
  readonly url: string;
  readonly kind: "iec" | "dlms";
  /** Every address of the ranges, in order. */
  readonly scan: readonly string[];
  readonly dlms: string;
  readonly evenParity: boolean;
  readonly supply: boolean;
  readonly place: LinePlace;
}

/** Where the certificates lie: in the device's file, or in three of somebody else's making. */
export type CentreTls =
  | { readonly file: string }
  | { readonly certificate: string; readonly key: string; readonly authority: string };

export interface ConcentratorConfig {
  /** Logical device name: `ENC` and 13 digits. */
  readonly identity: string;
  /** Zone of local time on the lines and of market days. */
  readonly zone: string;
  readonly logLevel: NonNullable<ConfigFile["logLevel"]>;
  readonly centre: {
    readonly addresses: readonly string[];
    readonly tls?: CentreTls;
    readonly heartbeatSeconds: number;
  };
  /** `path` may be `:memory:`, for tests and virtual concentrators without a past. */
  readonly store: { readonly path: string; readonly keepDays: number; readonly sizeMaxMiB?: number };
  readonly lines: readonly LineConfig[];
  readonly schedule: {
    readonly registersEverySeconds: number;
    readonly profilesEverySeconds: number;
    readonly eventsEverySeconds: number;
    readonly sealEverySeconds: number;
    readonly scanEverySeconds: number;
    readonly clocksEverySeconds: number;
    readonly profileBackDays: number;
  };
  readonly modem?: { readonly place: LinePlace; readonly everySeconds: number };
  readonly console?: { readonly listen?: string; readonly serial?: SerialPlace };
  readonly clockTrusted: boolean;
  readonly meters: readonly MeterConfig[];
  /** By name of the meter or module. */
  readonly secrets: ReadonlyMap<string, DeviceSecret>;
  /** As it was given: what the centre reads as the configuration in force. */
  readonly file: ConfigFile;
}

export type CheckedConfig =
  | { readonly ok: true; readonly config: ConcentratorConfig }
  | { readonly ok: false; readonly faults: readonly string[] };

const scanAddressesMax = 10_000;

/**
 * Checks a configuration and fills in what it leaves out; every fault is listed at once. File names in it count from `folder`.
 * `readText` reads the file of secrets.
 */
export function checkConfig(
  value: unknown,
  folder = ".",
  readText: (path: string) => string = (path) => readFileSync(path, "utf8"),
): CheckedConfig {
  if (!Value.Check(ConfigSchema, value)) return { ok: false, faults: faultsOfForm(ConfigSchema, value) };
  const faults: string[] = [];
  const at = (path: string) => (path === ":memory:" || isAbsolute(path) ? path : join(folder, path));
  const zone = value.zone ?? "Europe/Bucharest";
  if (!isZone(zone)) faults.push(`zone: ${zone} is no time zone`);
  const { tls } = value.centre;
  const addresses =
    value.centre.addresses ??
    (tls && "file" in tls ? addressesIn(at(tls.file), readText, faults) : undefined);
  if (!addresses) faults.push("centre.addresses: must be given");
  for (const address of addresses ?? []) {
    if (!isPort(address)) faults.push(`centre.addresses: ${address}: the port is 1 to 65535`);
  }
  const lines = value.lines.map((line, index) => lineOf(line, `lines[${index}]`, faults));
  const lineNames = new Set(lines.map(({ name }) => name));
  if (lineNames.size < lines.length) faults.push("lines: two have one name");
  if (lines.filter(({ supply }) => supply).length > 1) faults.push("lines: supply is at most one");
  const terminal = value.console?.serial && serialPlace(value.console.serial, "console.serial", faults);
  const modem = value.modem && linePlace(value.modem.url, "modem.url", faults);
  const taken = new Map<string, string>();
  for (const [where, owner, place] of [
    ...lines.map(({ name, place }, index) => [`lines[${index}].url`, `line ${name}`, place] as const),
    ["console.serial", "console.serial", terminal],
    ["modem.url", "modem.url", modem],
  ] as const) {
    if (!place) continue;
    const port = place.kind === "serial" ? place.path : `${place.host}:${place.port}`;
    if (taken.has(port)) faults.push(`${where}: ${port} is the port of ${taken.get(port)}`);
    else taken.set(port, owner);
  }
  const listen = value.console?.listen;
  if (listen !== undefined && !isPort(listen)) faults.push("console.listen: the port is 1 to 65535");
  const meters = value.meters ?? [];
  checkMeters(meters, new Map(lines.map((line) => [line.name, line])), faults);
  const secrets = secretsOf(
    value.secretsFile === undefined ? undefined : at(value.secretsFile),
    readText,
    faults,
  );
  if (faults.length > 0) return { ok: false, faults };
  const { schedule = {} } = value;
  const config: ConcentratorConfig = {
    identity: value.identity,
    zone,
    logLevel: value.logLevel ?? "info",
    centre: {
      addresses: addresses ?? [],
      ...(tls ? { tls: tlsAt(tls, at) } : {}),
      heartbeatSeconds: value.centre.heartbeatSeconds ?? 60,
    },
    store: {
      path: at(value.store.path),
      keepDays: value.store.keepDays ?? 60,
      ...(value.store.sizeMaxMiB === undefined ? {} : { sizeMaxMiB: value.store.sizeMaxMiB }),
    },
    lines,
    schedule: {
      registersEverySeconds: schedule.registersEverySeconds ?? 21_600,
      profilesEverySeconds: schedule.profilesEverySeconds ?? 3600,
      eventsEverySeconds: schedule.eventsEverySeconds ?? 3600,
      sealEverySeconds: schedule.sealEverySeconds ?? 3600,
      scanEverySeconds: schedule.scanEverySeconds ?? 86_400,
      clocksEverySeconds: schedule.clocksEverySeconds ?? 86_400,
      profileBackDays: schedule.profileBackDays ?? 40,
    },
    ...(value.console
      ? {
          console: {
            ...(value.console.listen === undefined ? {} : { listen: value.console.listen }),
            ...(terminal ? { serial: terminal } : {}),
          },
        }
      : {}),
    ...(modem ? { modem: { place: modem, everySeconds: value.modem?.everySeconds ?? 60 } } : {}),
    clockTrusted: value.clockTrusted ?? false,
    meters,
    secrets,
    file: value,
  };
  return { ok: true, config };
}

/** Reads the configuration file. @throws ConcentratorError `concentrator.configuration` with every fault, a line each */
export function readConfig(path: string): ConcentratorConfig {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new ConcentratorError("concentrator.configuration", `${path}: ${(cause as Error).message}`, cause);
  }
  const checked = checkConfig(value, dirname(path));
  if (!checked.ok) throw new ConcentratorError("concentrator.configuration", checked.faults.join("\n"));
  return checked.config;
}

const tlsAt = (tls: CentreTls, at: (path: string) => string): CentreTls =>
  "file" in tls
    ? { file: at(tls.file) }
    : { certificate: at(tls.certificate), key: at(tls.key), authority: at(tls.authority) };

/** The centre's address as the device's file names it. */
function addressesIn(path: string, readText: (path: string) => string, faults: string[]): string[] {
  try {
    const address = /^# centre (\S+)$/m.exec(readText(path))?.[1];
    if (address !== undefined && new RegExp(hostPort).test(address)) return [address];
    faults.push(`centre.tls.file: ${path} names no centre; give centre.addresses`);
  } catch (error) {
    faults.push(`centre.tls.file: ${path}: ${(error as { code?: string }).code ?? "cannot be read"}`);
  }
  return [];
}

function lineOf(line: Static<typeof LineSchema>, where: string, faults: string[]): LineConfig {
  const scan = (line.scan ?? []).flatMap((range) => {
    const [, from, to] = /^(\d{1,9})-(\d{1,9})$/.exec(range) ?? [];
    if (from === undefined || to === undefined) return [range];
    const count = Number(to) - Number(from) + 1;
    if (count < 1 || count > scanAddressesMax) {
      faults.push(`${where}.scan: ${range}: 1 to ${scanAddressesMax} addresses`);
      return [];
    }
    return Array.from({ length: count }, (_, index) =>
      String(Number(from) + index).padStart(from.length, "0"),
    );
  });
  if (line.kind === "dlms") {
    for (const address of scan) {
      if (!isPhysical(address)) {
        faults.push(`${where}.scan: ${address}: ${physicalIs}`);
        break;
      }
    }
    try {
      parseDeviceUrl(`dlms+hdlc+tcp://?${line.dlms ?? ""}`);
    } catch (error) {
      faults.push(`${where}.dlms: ${(error as Error).message}`);
    }
  } else if (line.dlms !== undefined) faults.push(`${where}.dlms: of a line of kind dlms only`);
  if (line.supply && line.kind === "dlms") faults.push(`${where}.kind: a supply unit speaks iec`);
  if (line.supply && line.scan)
    faults.push(`${where}.scan: a supply unit is alone on its line and speaks by itself`);
  if (line.evenParity && (line.kind === "dlms" || line.url.startsWith("serial:")))
    faults.push(`${where}.evenParity: of an iec line by tcp only`);
  const place = linePlace(line.url, `${where}.url`, faults);
  return {
    name: line.name,
    url: line.url,
    kind: line.kind,
    scan,
    dlms: line.dlms ?? "",
    evenParity: line.evenParity ?? false,
    supply: line.supply ?? false,
    place,
  };
}

const isPhysical = (address: string): boolean => /^\d{1,5}$/.test(address) && Number(address) <= 0x3fff;
const physicalIs = "a physical address is 0 to 16383";

const linePlace = (url: string, where: string, faults: string[]): LinePlace =>
  url.startsWith("serial:") ? serialPlace(url, where, faults) : tcpPlace(url, where, faults);

function serialPlace(url: string, where: string, faults: string[]): SerialPlace {
  const [address = "", query = ""] = url.split("?");
  const parameters = new URLSearchParams(query);
  const baud = parameters.get("baud") ?? "9600";
  for (const key of parameters.keys()) if (key !== "baud") faults.push(`${where}: ${key} is not known`);
  if (!/^\d{3,6}$/.test(baud)) faults.push(`${where}: baud=${baud} is no rate`);
  return { kind: "serial", path: address.slice("serial:".length), baudRate: Number(baud) };
}

function tcpPlace(url: string, where: string, faults: string[]): LinePlace {
  const [address = "", query = ""] = url.split("?");
  for (const key of new URLSearchParams(query).keys()) faults.push(`${where}: ${key} is not known`);
  if (!isPort(address)) faults.push(`${where}: the port is 1 to 65535`);
  const colon = address.lastIndexOf(":");
  return {
    kind: "tcp",
    host: address.slice("tcp://".length, colon).replace(/^\[(.*)\]$/, "$1"),
    port: Number(address.slice(colon + 1)),
  };
}

function checkMeters(
  meters: readonly MeterConfig[],
  lines: ReadonlyMap<string, LineConfig>,
  faults: string[],
): void {
  const names = new Set<string>();
  const places = new Map<string, string>();
  for (const [index, meter] of meters.entries()) {
    const where = `meters[${index}]`;
    if (names.has(meter.name)) faults.push(`${where}.name: ${meter.name} stands there twice`);
    names.add(meter.name);
    const line = lines.get(meter.line);
    if (!line) faults.push(`${where}.line: there is no line ${meter.line}`);
    if (line?.supply) faults.push(`${where}.line: ${meter.line} is the line of the supply unit`);
    if (line?.kind === "dlms") {
      if (meter.input !== undefined) faults.push(`${where}.input: modules are on lines of kind iec`);
      if (!isPhysical(meter.address)) faults.push(`${where}.address: ${physicalIs}`);
    }
    if (meter.model !== undefined && !findMeterModel(meter.model)) {
      faults.push(`${where}.model: there is no model ${meter.model}`);
    }
    const place = `${meter.line} ${meter.address} ${meter.input ?? ""}`;
    const other = places.get(place);
    // Meters that follow each other on an input are told apart by the names that the module has.
    if (other !== undefined && meter.input === undefined)
      faults.push(`${where}: ${meter.name} and ${other} have one place`);
    places.set(place, meter.name);
  }
}

function secretsOf(
  path: string | undefined,
  readText: (path: string) => string,
  faults: string[],
): ReadonlyMap<string, DeviceSecret> {
  const secrets = new Map<string, DeviceSecret>();
  if (path === undefined) return secrets;
  try {
    const parsed: unknown = JSON.parse(readText(path));
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new Error("no object");
    for (const [name, secret] of Object.entries(parsed as Record<string, DeviceSecret>)) {
      for (const [kind, fault] of Object.entries(faultsOfSecret(secret))) {
        faults.push(`secretsFile: ${name}.${kind}: ${fault}`);
      }
      secrets.set(name, secret);
    }
  } catch (error) {
    // The text of a JSON fault repeats what it read, which is secret.
    const code = (error as { code?: unknown }).code;
    faults.push(`secretsFile: ${path}: ${typeof code === "string" ? code : "is no JSON object"}`);
  }
  return secrets;
}

function isPort(address: string): boolean {
  const port = Number(address.slice(address.lastIndexOf(":") + 1));
  return port >= 1 && port <= 65_535;
}

function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}
