/** A transformer, as its plate or data sheet says. */
export interface TransformerRating {
  readonly ratedKva: number;
  /** Loss of the iron, as long as it has voltage, W. */
  readonly noLoadLossW: number;
  /** Loss of the copper at rated load, W. */
  readonly loadLossW: number;
}

/** Lines below a transformer, or of a feeder, as one conductor of three that carries all of the load. */
export interface LineRating {
  /** Of one conductor, ohm. */
  readonly ohm: number;
  /** Between two conductors, V. */
  readonly volts: number;
}

export interface TechnicalLoss {
  readonly ironWh: number;
  readonly copperWh: number;
  readonly lineWh: number;
  readonly totalWh: number;
}

export const defaultCosPhi = 0.95;

/** Hours of the full loss that a peak stands for: 0.3·LF + 0.7·LF², LF the mean load by the peak. */
export const lossFactor = (loadFactor: number): number => 0.3 * loadFactor + 0.7 * loadFactor ** 2;

export interface PeakLoad {
  readonly energyWh: number;
  readonly hours: number;
  readonly peakW: number;
  readonly cosPhi?: number;
  readonly transformer?: TransformerRating;
  readonly line?: LineRating;
}

/** Technical loss from energy and peak alone, where no curve is there: by the loss factor. */
export function technicalLossByPeak({
  energyWh,
  hours,
  peakW,
  cosPhi = defaultCosPhi,
  transformer,
  line,
}: PeakLoad): TechnicalLoss & { readonly loadFactor: number; readonly lossFactor: number } {
  const loadFactor = peakW === 0 ? 0 : energyWh / hours / peakW;
  const factor = lossFactor(loadFactor);
  const peakVa = peakW / cosPhi;
  const ironWh = (transformer?.noLoadLossW ?? 0) * hours;
  const copperWh = transformer
    ? transformer.loadLossW * (peakVa / (transformer.ratedKva * 1000)) ** 2 * factor * hours
    : 0;
  const lineWh = line ? 3 * (peakVa / (Math.sqrt(3) * line.volts)) ** 2 * line.ohm * factor * hours : 0;
  return { ironWh, copperWh, lineWh, totalWh: ironWh + copperWh + lineWh, loadFactor, lossFactor: factor };
}

/** What a curve loses: constant by the hour, and by the square of the power. */
export interface LossLaw {
  readonly constantW: number;
  /** W of loss by W² of the load. */
  readonly perSquareW: number;
}

/** The law of a transformer and its lines: P = P0 + (c + l)·P². */
export function lossLaw(
  transformer: TransformerRating | undefined,
  line: LineRating | undefined,
  cosPhi = defaultCosPhi,
): LossLaw & { readonly copperPerSquareW: number } {
  const copper = transformer ? transformer.loadLossW / (transformer.ratedKva * 1000 * cosPhi) ** 2 : 0;
  const wire = line ? (3 * line.ohm) / (Math.sqrt(3) * line.volts * cosPhi) ** 2 : 0;
  return {
    constantW: transformer?.noLoadLossW ?? 0,
    perSquareW: copper + wire,
    copperPerSquareW: copper,
  };
}

/**
 * Technical loss of a curve of what flowed through, interval by interval: the squares are those of what really flowed, so no loss factor has to be
 * guessed. Intervals without value lose nothing; `known` says how many had one.
 */
export function technicalLossOfCurve(
  inputWh: Float64Array,
  intervalSeconds: number,
  transformer: TransformerRating | undefined,
  line: LineRating | undefined,
  cosPhi = defaultCosPhi,
): TechnicalLoss & { readonly known: number; readonly peakW: number } {
  const law = lossLaw(transformer, line, cosPhi);
  const perHour = 3600 / intervalSeconds;
  let squares = 0;
  let known = 0;
  let peakW = 0;
  for (const wh of inputWh) {
    if (Number.isNaN(wh)) continue;
    const power = Math.abs(wh) * perHour;
    squares += power * power;
    if (power > peakW) peakW = power;
    known++;
  }
  const ironWh = (law.constantW * known) / perHour;
  const copperWh = (law.copperPerSquareW * squares) / perHour;
  const lineWh = ((law.perSquareW - law.copperPerSquareW) * squares) / perHour;
  return { ironWh, copperWh, lineWh, totalWh: ironWh + copperWh + lineWh, known, peakW };
}
