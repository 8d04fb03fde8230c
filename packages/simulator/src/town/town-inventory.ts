import type { Inventory, InventoryPoint } from "../inventory.ts";
import type { MeterKind } from "../meter/description.ts";
import type { Town, TownPoint } from "./town.ts";

/** The names under which the head-end knows our kinds of meters, and who makes them. */
const labels: Readonly<Record<MeterKind, { readonly manufacturer: string; readonly model: string }>> = {
  "dlms-wrapper": { manufacturer: "ENERGSys", model: "energsys-virtual-dlms" },
  "dlms-hdlc": { manufacturer: "ENERGSys", model: "energsys-virtual-dlms" },
  "iec-own": { manufacturer: "ENERGSys", model: "energsys-virtual-iec" },
  "iec-iskra": { manufacturer: "ISKRA", model: "iskra-me162" },
  "iec-landis": { manufacturer: "Landis+Gyr", model: "landis-gyr-e350" },
};

export interface InventoryFacts {
  readonly host: string;
  /** Port of each meter that listens, by its number; the others call in. */
  readonly ports: ReadonlyMap<number, number>;
  readonly installedAtMs: number;
  readonly plan: NonNullable<Inventory["plan"]>;
}

/** The town as an operator would enter it into a head-end. */
export function inventoryOf(town: Town, facts: InventoryFacts): Inventory {
  const paths = new Map(town.points.map(({ branch }) => [branch.join("/"), branch]));
  return {
    branches: [...paths.values()].map((path) => ({ path })),
    points: town.points.map((point) => inventoryPoint(point, facts)),
    plan: facts.plan,
  };
}

function inventoryPoint(point: TownPoint, facts: InventoryFacts): InventoryPoint {
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
      indexDigits: meter.kind === "iec-landis" ? 6 : 7,
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
      ...(meter.password !== "" &&
        meter.kind !== "iec-iskra" &&
        meter.kind !== "iec-landis" && {
          password: meter.password,
        }),
    },
  };
}

function urlOf({ meter }: TownPoint, authority: string): string {
  const access = meter.password === "" ? "client=16&server=1" : "client=17&server=1&auth=low";
  if (meter.kind === "dlms-wrapper") return `dlms+tcp://${authority}?${access}`;
  if (meter.kind === "dlms-hdlc") return `dlms+hdlc+tcp://${authority}?${access}`;
  return `iec62056-21+tcp://${authority}?address=${meter.serial}&mode=C`;
}
