/**
 * A unit: exponents of the base quantities, and what one of it is in base units (1 kWh = 1000 Wh). Values are kept in base units;
 * the factor only says in which unit they are shown and rounded.
 */
export interface Unit {
  readonly exponents: Exponents;
  readonly factor: number;
  /** A fraction shown in hundredths: not to be added to a plain number. */
  readonly percent: boolean;
}

/** Wh, varh, h, V, A, Hz, lei, euro, °C. W is Wh per hour, VA is V times A. */
type Exponents = readonly [
  wh: number,
  varh: number,
  hour: number,
  volt: number,
  ampere: number,
  hertz: number,
  lei: number,
  euro: number,
  celsius: number,
];

const zero: Exponents = [0, 0, 0, 0, 0, 0, 0, 0, 0];
const wh: Exponents = [1, 0, 0, 0, 0, 0, 0, 0, 0];
const varh: Exponents = [0, 1, 0, 0, 0, 0, 0, 0, 0];
const watt: Exponents = [1, 0, -1, 0, 0, 0, 0, 0, 0];
const reactive: Exponents = [0, 1, -1, 0, 0, 0, 0, 0, 0];
const hour: Exponents = [0, 0, 1, 0, 0, 0, 0, 0, 0];
const volt: Exponents = [0, 0, 0, 1, 0, 0, 0, 0, 0];
const ampere: Exponents = [0, 0, 0, 0, 1, 0, 0, 0, 0];
const apparent: Exponents = [0, 0, 0, 1, 1, 0, 0, 0, 0];
const apparentHour: Exponents = [0, 0, 1, 1, 1, 0, 0, 0, 0];

const unit = (exponents: Exponents, factor = 1, percent = false): Unit => ({ exponents, factor, percent });

export const plain: Unit = unit(zero);
export const percent: Unit = unit(zero, 0.01, true);

/** Units by the name that a formula writes behind a number. */
export const units: ReadonlyMap<string, Unit> = new Map([
  ["Wh", unit(wh)],
  ["kWh", unit(wh, 1e3)],
  ["MWh", unit(wh, 1e6)],
  ["GWh", unit(wh, 1e9)],
  ["varh", unit(varh)],
  ["kvarh", unit(varh, 1e3)],
  ["Mvarh", unit(varh, 1e6)],
  ["VAh", unit(apparentHour)],
  ["kVAh", unit(apparentHour, 1e3)],
  ["W", unit(watt)],
  ["kW", unit(watt, 1e3)],
  ["MW", unit(watt, 1e6)],
  ["var", unit(reactive)],
  ["kvar", unit(reactive, 1e3)],
  ["Mvar", unit(reactive, 1e6)],
  ["VA", unit(apparent)],
  ["kVA", unit(apparent, 1e3)],
  ["MVA", unit(apparent, 1e6)],
  ["V", unit(volt)],
  ["kV", unit(volt, 1e3)],
  ["A", unit(ampere)],
  ["kA", unit(ampere, 1e3)],
  ["Hz", unit([0, 0, 0, 0, 0, 1, 0, 0, 0])],
  ["lei", unit([0, 0, 0, 0, 0, 0, 1, 0, 0])],
  ["EUR", unit([0, 0, 0, 0, 0, 0, 0, 1, 0])],
  ["°C", unit([0, 0, 0, 0, 0, 0, 0, 0, 1])],
  ["%", percent],
  ["s", unit(hour, 1 / 3600)],
  ["min", unit(hour, 1 / 60)],
  ["h", unit(hour)],
  ["d", unit(hour, 24)],
  ["w", unit(hour, 168)],
]);

/** Spans of time behind a number in `shift` and `resample`: days and weeks are those of the calendar. */
export const spans: ReadonlyMap<string, { readonly seconds: number; readonly days: number }> = new Map([
  ["s", { seconds: 1, days: 0 }],
  ["min", { seconds: 60, days: 0 }],
  ["h", { seconds: 3600, days: 0 }],
  ["d", { seconds: 0, days: 1 }],
  ["w", { seconds: 0, days: 7 }],
]);

const sameQuantity = (a: Unit, b: Unit): boolean =>
  a.exponents.every((exponent, nth) => exponent === b.exponents[nth]);

/** Whether these may be added and compared. */
export const agree = (a: Unit, b: Unit): boolean => a.percent === b.percent && sameQuantity(a, b);

export const isPlain = ({ exponents }: Unit): boolean => exponents.every((exponent) => exponent === 0);

/** Energy (of any kind) per time: its sum means nothing. */
export const isPower = ({ exponents }: Unit): boolean =>
  (exponents[2] === -1 && exponents[0] + exponents[1] === 1 && exponents[3] === 0) ||
  (exponents[2] === 0 && exponents[3] === 1 && exponents[4] === 1);

export const isEnergy = (unit: Unit): boolean => isPower(perHour(unit));

export function timesUnit(a: Unit, b: Unit): Unit {
  if (isPlain(a) && !a.percent) return b;
  if (isPlain(b) && !b.percent) return a;
  return combine(a, b, 1);
}

export function overUnit(a: Unit, b: Unit): Unit {
  if (isPlain(b) && !b.percent) return a;
  return combine(a, b, -1);
}

export function powerUnit(base: Unit, exponent: number): Unit {
  return {
    exponents: base.exponents.map((each) => each * exponent) as unknown as Exponents,
    factor: base.percent ? 1 : base.factor ** exponent,
    percent: false,
  };
}

/** kWh → kW; `hours` −1 for the way back. */
export const perHour = (unit: Unit, hours = 1): Unit => ({
  ...unit,
  exponents: unit.exponents.map((each, nth) => (nth === 2 ? each - hours : each)) as unknown as Exponents,
});

/** The unit with active instead of reactive energy: what `pf` compares. */
export const asActive = (unit: Unit): Unit => ({
  ...unit,
  exponents: unit.exponents.map((each, nth, all) =>
    nth === 0 ? all[0]! + all[1]! : nth === 1 ? 0 : each,
  ) as unknown as Exponents,
});

function combine(a: Unit, b: Unit, sign: 1 | -1): Unit {
  const exponents = a.exponents.map((each, nth) => each + sign * b.exponents[nth]!) as unknown as Exponents;
  // A percentage is a fraction once it is multiplied with something that has a unit.
  const [fa, fb] = [a.percent ? 1 : a.factor, b.percent ? 1 : b.factor];
  const made = unit(exponents, sign === 1 ? fa * fb : fa / fb);
  return isPlain(made) ? plain : made;
}

const symbols = ["Wh", "varh", "h", "V", "A", "Hz", "lei", "EUR", "°C"];

/** How a unit is called on screen; empty for a plain number. */
export function unitName(wanted: Unit): string {
  for (const [name, known] of units)
    if (agree(known, wanted) && Math.abs(known.factor / wanted.factor - 1) < 1e-9) return name;
  if (isPlain(wanted)) return "";
  const part = (sign: 1 | -1) =>
    wanted.exponents
      .flatMap((exponent, nth) => {
        const size = exponent * sign;
        return size <= 0 ? [] : [size === 1 ? symbols[nth]! : `${symbols[nth]}^${size}`];
      })
      .join("·");
  const [above, below] = [part(1), part(-1)];
  const factor = wanted.factor === 1 ? "" : `${Number(wanted.factor.toPrecision(6))} `;
  return `${factor}${above || "1"}${below === "" ? "" : `/${below}`}`;
}
