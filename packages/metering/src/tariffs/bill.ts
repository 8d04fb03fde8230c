import { type Block, blockEnergies } from "./blocks.ts";
import { divideRounded, type Exact, exact, parseExact, plusExact, roundExact, timesExact } from "./exact.ts";

/** What a price is multiplied by. Energy is what was taken, unless it is the export: a credit has a negative price. */
export type Basis =
  | { readonly kind: "energy"; readonly side?: "export" | undefined }
  | { readonly kind: "rate"; readonly rate: string; readonly side?: "export" | undefined }
  | { readonly kind: "blocks"; readonly blocks: readonly TariffBlock[]; readonly ofDays: number }
  | { readonly kind: "reactive" }
  | { readonly kind: "demand" }
  | { readonly kind: "day" }
  | { readonly kind: "month" }
  | { readonly kind: "fixed" }
  | { readonly kind: "percent"; readonly of: readonly string[] };

export interface TariffBlock {
  /** kWh as decimal text; absent for the last one. */
  readonly upToKwh?: string | undefined;
  readonly price: string;
}

/** One line of a tariff. `price` is decimal text per kWh, kvarh, kW, day or month, or percent; blocks bring their own. */
export interface Component {
  readonly code: string;
  readonly basis: Basis;
  readonly price?: string | undefined;
}

export interface TariffPrices {
  readonly components: readonly Component[];
  readonly vatPercent: string;
}

/** What was used while one version of the prices held. */
export interface Consumption {
  readonly energyWh: bigint;
  readonly byRateWh: ReadonlyMap<string, bigint>;
  readonly exportWh: bigint;
  readonly exportByRateWh: ReadonlyMap<string, bigint>;
  /** Charged reactive energy, unrounded (see `sumReactive`). */
  readonly chargedVarh: Exact;
  readonly demandW: bigint;
  readonly days: number;
  readonly months: number;
  /** Is a fixed line charged in this part? Once in an account. */
  readonly fixed: boolean;
}

export interface BillLine {
  readonly code: string;
  /** In kWh, kvarh, kW, days or months; of percent lines the amount that the percentage is of. */
  readonly quantity: Exact;
  readonly price: Exact;
  /** Rounded to 0.01, half up. */
  readonly amount: Exact;
}

/** An indicative account, not an invoice. */
export interface Bill {
  readonly lines: readonly BillLine[];
  /** Sum of the lines of each part, in the order of the parts. */
  readonly parts: readonly { readonly lines: readonly BillLine[]; readonly net: Exact }[];
  readonly net: Exact;
  readonly vat: Exact;
  readonly total: Exact;
}

/** Thousandths: Wh as kWh, W as kW. */
const kilo = (value: bigint): Exact => exact(value, 3);

/**
 * Prices parts of a period, each by the prices of its time, line by line to 0.01, and adds VAT on the sum.
 * @throws RangeError for a price that is no decimal, and for a percentage of a line that does not come before it
 */
export function indicativeBill(
  parts: readonly { readonly prices: TariffPrices; readonly used: Consumption }[],
): Bill {
  const priced = parts.map(({ prices, used }) => {
    const lines = linesOf(prices.components, used);
    const net = lines.reduce((sum, { amount }) => plusExact(sum, amount), exact(0n, 2));
    return { vatPercent: prices.vatPercent, lines, net };
  });
  let [net, vat] = [exact(0n, 2), exact(0n, 2)];
  // VAT is on the sum: parts of one rate are rounded once.
  for (const [vatPercent, same] of Map.groupBy(priced, (part) => part.vatPercent)) {
    const sum = same.reduce((total, part) => plusExact(total, part.net), exact(0n, 2));
    net = plusExact(net, sum);
    vat = plusExact(vat, roundExact(percentOf(sum, parseExact(vatPercent)), 2));
  }
  const lines = priced.flatMap((part) => part.lines);
  return {
    lines,
    parts: priced.map(({ lines, net }) => ({ lines, net })),
    net,
    vat,
    total: plusExact(net, vat),
  };
}

function linesOf(components: readonly Component[], used: Consumption): BillLine[] {
  const lines: BillLine[] = [];
  for (const { code, basis, price } of components) {
    if (basis.kind === "blocks") {
      const blocks: Block[] = basis.blocks.map(({ upToKwh, price }) => ({
        upToWh: upToKwh === undefined ? undefined : wholeWh(upToKwh),
        price: parseExact(price),
      }));
      const energies = blockEnergies(used.energyWh, blocks, { days: used.days, ofDays: basis.ofDays });
      for (const [nth, energy] of energies.entries())
        lines.push(line(code, kilo(energy), blocks[nth]!.price));
    } else if (basis.kind === "percent") {
      let of = exact(0n, 2);
      for (const wanted of basis.of) {
        const found = lines.filter((each) => each.code === wanted);
        if (found.length === 0)
          throw new RangeError(`${code} is a percentage of ${wanted}, which is not before it`);
        for (const { amount } of found) of = plusExact(of, amount);
      }
      const percent = parseExact(price ?? "");
      lines.push({ code, quantity: of, price: percent, amount: roundExact(percentOf(of, percent), 2) });
    } else lines.push(line(code, quantityOf(basis, used), parseExact(price ?? "")));
  }
  return lines;
}

function quantityOf(basis: Exclude<Basis, { kind: "blocks" | "percent" }>, used: Consumption): Exact {
  switch (basis.kind) {
    case "energy":
      return kilo(basis.side === "export" ? used.exportWh : used.energyWh);
    case "rate":
      return kilo((basis.side === "export" ? used.exportByRateWh : used.byRateWh).get(basis.rate) ?? 0n);
    case "reactive":
      return exact(used.chargedVarh.digits, used.chargedVarh.decimals + 3);
    case "demand":
      return kilo(used.demandW);
    case "day":
      return exact(BigInt(used.days));
    case "month":
      return exact(BigInt(used.months));
    case "fixed":
      return exact(used.fixed ? 1n : 0n);
  }
}

function wholeWh(kwh: string): bigint {
  const { digits, decimals } = roundExact(parseExact(kwh), 3);
  return decimals === 3 ? digits : digits * 1000n;
}

const line = (code: string, quantity: Exact, price: Exact): BillLine => ({
  code,
  quantity,
  price,
  amount: roundExact(timesExact(quantity, price), 2),
});

const percentOf = (amount: Exact, percent: Exact): Exact => {
  const product = timesExact(amount, percent);
  return exact(product.digits, product.decimals + 2);
};

/** How much another tariff would have cost: the difference, and in thousandths of the first (undefined where that is nothing). */
export function compareBills(
  first: Bill,
  second: Bill,
): { readonly difference: Exact; readonly mille: number | undefined } {
  const difference = plusExact(second.total, exact(-first.total.digits, first.total.decimals));
  const base = first.total.digits;
  return {
    difference,
    mille: base > 0n ? Number(divideRounded(difference.digits * 1000n, base)) : undefined,
  };
}
