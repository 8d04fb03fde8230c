import type { Inventory, InventoryPoint } from "../inventory.ts";
import { isDlms, type MeterDescription, type MeterKind } from "../meter/description.ts";
import type { MeterMechanism } from "../meter/security.ts";
import type { Town, TownPoint } from "./town.ts";

/** The names under which the head-end knows our kinds of meters, and who makes them. */
export const labels: Readonly<Record<MeterKind, { readonly manufacturer: string; readonly model: string }>> =
  {
    "dlms-wrapper": { manufacturer: "ENERGSys", model: "energsys-virtual-dlms" },
    "dlms-hdlc": { manufacturer: "ENERGSys", model: "energsys-virtual-dlms" },
    "iec-own": { manufacturer: "ENERGSys", model: "energsys-virtual-iec" },
    "iec-mode-a": { manufacturer: "ENERGSys", model: "energsys-virtual-iec" },
    "iec-mode-b": { manufacturer: "ENERGSys", model: "energsys-virtual-iec" },
    "iec-mode-d": { manufacturer: "ENERGSys", model: "energsys-virtual-iec" },
    "iec-mode-e": { manufacturer: "ENERGSys", model: "energsys-virtual-dlms" },
    "iec-iskra": { manufacturer: "ISKRA", model: "iskra-me162" },
    "iec-landis": { manufacturer: "Landis+Gyr", model: "landis-gyr-e350" },
    "iec-lcd": { manufacturer: "ENERGSys", model: "generic-iec62056-21" },
    "iec-iskra-mt": { manufacturer: "ISKRA", model: "generic-iec62056-21" },
    "iec-elster": { manufacturer: "Elster", model: "generic-iec62056-21" },
    "dlms-gmac": { manufacturer: "ENERGSys", model: "energsys-virtual-dlms" },
    "dlms-high": { manufacturer: "ENERGSys", model: "energsys-virtual-dlms" },
    "dlms-udp": { manufacturer: "ENERGSys", model: "energsys-virtual-dlms" },
    "dlms-sn": { manufacturer: "ENERGSys", model: "energsys-virtual-dlms" },
    "dlms-ecdsa": { manufacturer: "ENERGSys", model: "energsys-virtual-dlms" },
  };

/** Digits of the register before the point, where they are not seven. */
export const indexDigits: Readonly<Partial<Record<MeterKind, number>>> = {
  "iec-landis": 6,
  "iec-lcd": 6,
  "iec-elster": 8,
};
const withoutPassword: readonly MeterKind[] = [
  "iec-iskra",
  "iec-landis",
  "iec-lcd",
  "iec-iskra-mt",
  "iec-elster",
];

export interface InventoryFacts {
  readonly host: string;
  /** Port of each meter that listens, by its number; the others call in. */
  readonly ports: ReadonlyMap<number, number>;
  readonly installedAtMs: number;
  readonly plan: NonNullable<Inventory["plan"]>;
}

/** The town as an operator would enter it into a head-end. */
export function inventoryOf(town: Pick<Town, "points">, facts: InventoryFacts): Inventory {
  const paths = new Map(town.points.map(({ branch }) => [branch.join("/"), branch]));
  return {
    branches: [...paths.values()].map((path) => ({ path })),
    points: town.points.map((point) => inventoryPoint(point, facts)),
    plan: facts.plan,
  };
}

export function inventoryPoint(point: TownPoint, facts: Omit<InventoryFacts, "plan">): InventoryPoint {
  const { meter } = point;
  const { manufacturer, model } = labels[meter.kind];
  const port = facts.ports.get(meter.index);
  return {
    pod: point.pod,
    name: point.name,
    address: point.address,
    branch: point.branch,
    latitude: point.latitude,
    longitude: point.longitude,
    phases: meter.phases,
    direction: point.exports ? "both" : "import",
    approvedPowerW: point.approvedPowerW,
    meter: {
      serial: meter.serial,
      manufacturer,
      model,
      phases: meter.phases,
      maxCurrentA: point.maxCurrentA,
      indexDigits: indexDigits[meter.kind] ?? 7,
    },
    installedAt: new Date(facts.installedAtMs).toISOString(),
    ...(meter.currentRatio && {
      ctRatio: String(meter.currentRatio.primaryA / meter.currentRatio.secondaryA),
    }),
    device: {
      identity: meter.identity,
      model,
      url: urlOf(point, port === undefined ? "" : `${facts.host}:${port}`),
      direction: port === undefined ? "call-in" : "dial",
      ...(meter.password !== "" && !withoutPassword.includes(meter.kind) && { password: meter.password }),
      ...secretsOf(meter),
    },
  };
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** What the operator was handed with the meter. */
function secretsOf({ security }: MeterDescription): Partial<InventoryPoint["device"]> {
  if (!security) return {};
  const { mechanism, ciphered, secret, signing } = security;
  const keyed = ciphered || mechanism === 5;
  return {
    ...((mechanism === 3 || mechanism === 4 || mechanism === 6) && { hlsSecret: secret }),
    ...(keyed && {
      encryptionKey: hex(security.encryptionKey),
      authenticationKey: hex(security.authenticationKey),
      masterKey: hex(security.masterKey),
    }),
    ...(signing && {
      signingKey: hex(signing.clientPrivateKey),
      meterPublicKey: hex(signing.publicKey),
    }),
  };
}

const mechanismWords: Readonly<Record<MeterMechanism, string>> = {
  3: "md5",
  4: "sha1",
  5: "gmac",
  6: "sha256",
  7: "ecdsa",
};

function accessOf({ password, security }: MeterDescription): string {
  if (!security) return password === "" ? "client=16&server=1" : "client=17&server=1&auth=low";
  const { mechanism, ciphered, suite } = security;
  const level = ciphered && mechanism !== 5 ? "&security=both" : "";
  return `client=1&server=1&auth=${mechanismWords[mechanism]}${level}${suite > 0 ? `&suite=${suite}` : ""}`;
}

function urlOf({ meter }: TownPoint, authority: string): string {
  if (isDlms(meter.kind)) {
    const naming = meter.kind === "dlms-sn" ? "&naming=sn" : "";
    if (meter.kind === "dlms-udp") return `dlms+udp://${authority}?${accessOf(meter)}`;
    return `dlms+${meter.framing === "hdlc" ? "hdlc+" : ""}tcp://${authority}?${accessOf(meter)}${naming}`;
  }
  const mode = /^iec-mode-(.)$/.exec(meter.kind)?.[1]?.toUpperCase() ?? "C";
  const binary = mode === "E" ? `&${accessOf(meter)}` : "";
  return `iec62056-21+tcp://${authority}?address=${meter.serial}&mode=${mode}${binary}`;
}
