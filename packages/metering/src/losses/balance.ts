import { balanceUncertaintyWh, type MeterAccuracy, relativeUncertainty } from "./uncertainty.ts";

/** Energy of one meter over the window of a balance, Wh, primary. */
export interface BalancePart {
  readonly energyWh: number;
  /** 1: flows in (of a balance meter) or is taken (of a member); −1: the other way. */
  readonly sign: 1 | -1;
  readonly accuracy?: MeterAccuracy;
}

/** How many intervals there should be, are there, are good, are estimated: of all meters of a side together. */
export interface Coverage {
  readonly expected: number;
  readonly present: number;
  readonly good: number;
  readonly estimated: number;
}

export interface BalanceInput {
  readonly balanceMeters: readonly BalancePart[];
  readonly members: readonly BalancePart[];
  readonly coverage?: { readonly balance: Coverage; readonly members: Coverage };
}

export interface Balance {
  readonly inputWh: number;
  readonly membersWh: number;
  readonly lossWh: number;
  /** Of the input; absent where nothing flowed in. */
  readonly lossPercent: number | undefined;
  readonly uncertaintyWh: number;
  /** False: the loss may be nothing but the meters' errors. */
  readonly significant: boolean;
  /** Share of the expected intervals that have a good value, of the worse side; 1 where it was not said what to expect. */
  readonly completeness: number;
  /** Complete enough for a percentage to be shown without its warning (domain rule: 95 %). */
  readonly reportable: boolean;
}

/** Below it a loss is not reported as a figure of the network. */
export const completenessMin = 0.95;

/** What share of a side is good. Estimates count as there, but are told apart. */
export const completenessOf = ({ expected, good }: Coverage): number =>
  expected === 0 ? 0 : Math.min(1, good / expected);

/**
 * What went in less what was counted, over one window: Σ s·E of the balance meters − Σ s·E of the members. All of it must be cut at the same
 * instants. The uncertainty is that of the meters' classes, each error taken as independent of the others.
 */
export function balanceOf({ balanceMeters, members, coverage }: BalanceInput): Balance {
  const sum = (parts: readonly BalancePart[]) =>
    parts.reduce((total, { energyWh, sign }) => total + sign * energyWh, 0);
  const inputWh = sum(balanceMeters);
  const membersWh = sum(members);
  const lossWh = inputWh - membersWh;
  const uncertaintyWh = balanceUncertaintyWh([
    ...balanceMeters.map(({ energyWh, accuracy = "class-0.5S-with-ct" }) => ({
      energyWh,
      relative: relativeUncertainty[accuracy],
    })),
    ...members.map(({ energyWh, accuracy = "class-1" }) => ({
      energyWh,
      relative: relativeUncertainty[accuracy],
    })),
  ]);
  const completeness = coverage
    ? Math.min(completenessOf(coverage.balance), completenessOf(coverage.members))
    : 1;
  return {
    inputWh,
    membersWh,
    lossWh,
    lossPercent: inputWh === 0 ? undefined : (100 * lossWh) / inputWh,
    uncertaintyWh,
    significant: Math.abs(lossWh) > uncertaintyWh,
    completeness,
    reportable: completeness >= completenessMin,
  };
}
