import type { Inventory, InventoryGateway, InventoryPoint } from "../inventory.ts";
import type { BalancePoint } from "./balance-meters.ts";
import type { GridPoint, GridTown } from "./grid-town.ts";
import { groupsOf } from "./town-groups.ts";
import { indexDigits, inventoryPoint, labels } from "./town-inventory.ts";

/** Three letters of the maker, as a concentrator puts them before the serial number of a meter. */
const makers: Readonly<Partial<Record<GridPoint["meter"]["kind"], string>>> = {
  "iec-iskra": "ISK",
  "iec-landis": "LGZ",
};

/** The name that its concentrator gives to a meter. */
export function nameBehindConcentrator({ meter, attachment }: GridPoint): string {
  if (attachment.kind === "hdlc") return meter.identity;
  return `${(attachment.kind === "iec" && makers[meter.kind]) || "ENS"}${meter.serial}`;
}

/** `ENC` and 13 digits; towns of different seeds have different ones. */
export const concentratorIdentity = (seed: number, number: number): string =>
  `ENC${String((seed % 10_000_000) * 100_000 + number).padStart(13, "0")}`;

/** Where a meter is read before its concentrator has told its number. */
const behindConcentrator = "dlms+tcp://?client=2&server=1";

export interface BooksFacts {
  readonly host: string;
  /** Port of each direct meter that listens, by the meter's number in `direct`. */
  readonly ports: ReadonlyMap<number, number>;
  readonly direct: readonly (GridPoint | BalancePoint)[];
  readonly everySeconds: number;
  readonly days: number;
}

/**
 * The town as its books have it: every point with the meter and the factor that somebody entered, which is wrong where the town has a
 * book error; the balance meters; the concentrators with their meters.
 */
export function booksOf(town: GridTown, facts: BooksFacts): Inventory {
  const { calendar, points, transformers, options } = town;
  const installedAtMs = calendar.firstMs;
  const ports = new Map<number, number>();
  facts.direct.forEach(({ meter }, nth) => {
    const port = facts.ports.get(nth);
    if (port !== undefined) ports.set(meter.index, port);
  });
  const written = (point: GridPoint | BalancePoint) =>
    inventoryPoint(point, { host: facts.host, ports, installedAtMs });
  const own = (point: GridPoint): InventoryPoint =>
    point.attachment.kind === "direct" ? written(point) : behind(point, written(point));
  const entered = (point: GridPoint): InventoryPoint => {
    const { bookError } = point;
    const named = bookError?.kind === "swapped" ? points[bookError.other ?? -1] : undefined;
    // One whose neighbour is booked wrongly in another way has kept its own.
    const other = named?.bookError?.other === point.index ? named : undefined;
    const { meter, device } = own(other ?? point);
    const ratio = bookError?.enteredRatio;
    return { ...own(point), meter, device, ...(ratio !== undefined && { ctRatio: String(ratio) }) };
  };
  const balances = facts.direct.filter((point): point is BalancePoint => "curve" in point);
  return {
    branches: transformers.map(({ branch }) => ({ path: branch })),
    points: [...points.map(entered), ...balances.map((point) => balance(point, written(point)))],
    groups: groupsOf(town, balances),
    plan: { name: "Every meter", everySeconds: facts.everySeconds, backfillDays: facts.days },
    gateways: concentratorsOf(town).map(
      ({ number, points: its, transformer }, nth, all): InventoryGateway => {
        const { name, branch } = transformers[transformer]!;
        const before = all.findIndex((other) => other.transformer === transformer);
        return {
          identity: concentratorIdentity(options.seed, number),
          name: `${name} / ${nth - before + 1}`,
          branch,
          meters: its.map(nameBehindConcentrator),
        };
      },
    ),
  };
}

/** What a concentrator finds out about a meter by itself need not be entered: its address, its password. */
function behind(point: GridPoint, entry: InventoryPoint): InventoryPoint {
  const { manufacturer, model } = labels[point.meter.kind];
  const pulses = point.attachment.kind === "pulses";
  return {
    ...entry,
    // Pulses do not say in which direction.
    ...(pulses && { direction: "import" as const }),
    meter: {
      ...entry.meter,
      manufacturer,
      model: pulses ? "generic-dlms" : model,
      indexDigits: pulses ? 8 : (indexDigits[point.meter.kind] ?? 7),
    },
    device: {
      identity: nameBehindConcentrator(point),
      model: pulses ? "generic-dlms" : model,
      url: behindConcentrator,
      direction: "call-in",
    },
  };
}

/** It shows primary values, so what its terminals may carry says nothing about them. */
function balance(point: BalancePoint, entry: InventoryPoint): InventoryPoint {
  const { maxCurrentA: _, ...meter } = entry.meter;
  return {
    ...entry,
    meter: { ...meter, indexDigits: 8 },
    ctRatio: String(point.ratio),
    vtRatio: String(point.voltageRatio),
    primaryValues: true,
  };
}

export interface TownConcentrator {
  readonly number: number;
  readonly transformer: number;
  readonly points: readonly GridPoint[];
}

/** The concentrators of a town with their points, in order of their numbers. */
export function concentratorsOf(town: GridTown): TownConcentrator[] {
  const found = new Map<number, { number: number; transformer: number; points: GridPoint[] }>();
  for (const point of town.points) {
    if (point.attachment.kind === "direct") continue;
    const { concentrator: number } = point.attachment;
    const known = found.get(number);
    if (known) known.points.push(point);
    else found.set(number, { number, transformer: point.transformer, points: [point] });
  }
  return [...found.values()].sort((a, b) => a.number - b.number);
}
