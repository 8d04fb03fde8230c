import type { Inventory, InventoryGateway, InventoryPoint } from "../inventory.ts";
import type { BalancePoint } from "./balance-meters.ts";
import { exchangedIdentity } from "./exchanged-meter.ts";
import type { GridPoint, GridTown } from "./grid-town.ts";
import { digitsOf } from "./registers.ts";
import { groupsOf } from "./town-groups.ts";
import { inventoryPoint, labels } from "./town-inventory.ts";
import { TownLedger } from "./town-ledger.ts";

/** Three letters of the maker, as a concentrator puts them before the serial number of a meter. */
const makers: Readonly<Partial<Record<GridPoint["meter"]["kind"], string>>> = {
  "iec-iskra": "ISK",
  "iec-landis": "LGZ",
};

/** The name that its concentrator gives to the meter of a point, before and after its exchange. */
export function nameBehindConcentrator(
  { meter, attachment, exchange }: GridPoint,
  exchanged = false,
): string {
  const serial = exchanged && exchange ? exchange.serial : meter.serial;
  if (attachment.kind === "hdlc") return exchangedIdentity(meter, serial);
  return `${(attachment.kind === "iec" && makers[meter.kind]) || "ENS"}${serial}`;
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
  /** What was exchanged before stands in the books with both indices; the rest nobody has entered yet. */
  readonly enteredUntilMs: number;
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
  const ledger = new TownLedger(town);
  const isEntered = ({ exchange }: GridPoint) =>
    exchange !== undefined && exchange.atMs < facts.enteredUntilMs;
  const own = (point: GridPoint): InventoryPoint => {
    const isDirect = point.attachment.kind === "direct";
    const first = isDirect ? written(point) : behind(point, written(point));
    return isEntered(point) ? exchanged(point, first, ledger) : first;
  };
  const entered = (point: GridPoint): InventoryPoint => {
    const { bookError } = point;
    const named = bookError?.kind === "swapped" ? points[bookError.other ?? -1] : undefined;
    // One whose neighbour is booked wrongly in another way has kept its own.
    const other = named?.bookError?.other === point.index ? named : undefined;
    // Who swaps two meters in the books swaps all that is known of them.
    const { meter, device, installedAt, before } = own(other ?? point);
    const { before: _, ...mine } = own(point);
    const ratio = bookError?.enteredRatio;
    return {
      ...mine,
      meter,
      device,
      installedAt,
      ...(before && { before }),
      ...(ratio !== undefined && { ctRatio: String(ratio) }),
    };
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
          meters: its.flatMap((point) =>
            (isEntered(point) ? [false, true] : [false]).map((exchanged) =>
              nameBehindConcentrator(point, exchanged),
            ),
          ),
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
      // The register of a pulse meter is its concentrator's, which goes on where the drums begin anew.
      indexDigits: pulses ? 8 : digitsOf(point),
    },
    device: {
      identity: nameBehindConcentrator(point),
      model: pulses ? "generic-dlms" : model,
      url: behindConcentrator,
      direction: "call-in",
    },
  };
}

/** The meter that was put in, with the one before it and what both showed. */
function exchanged(point: GridPoint, first: InventoryPoint, ledger: TownLedger): InventoryPoint {
  const change = ledger.exchange(point.index);
  if (!change) return first;
  const removedAt = new Date(change.atMs).toISOString();
  const { meter, device, installedAt } = first;
  const serial = change.newSerial;
  return {
    ...first,
    meter: { ...meter, serial },
    device: { ...device, identity: identityAfter(point, serial) },
    installedAt: removedAt,
    before: [
      {
        meter,
        device,
        installedAt,
        removedAt,
        finalIndexKwh: (change.oldWh / 1000).toFixed(3),
        nextIndexKwh: (change.newWh / 1000).toFixed(3),
      },
    ],
  };
}

const identityAfter = (point: GridPoint, serial: string): string =>
  point.attachment.kind === "direct"
    ? exchangedIdentity(point.meter, serial)
    : nameBehindConcentrator(point, true);

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
