import {
  type Finding,
  formatScaled,
  marketDay,
  missingBit,
  type PlannedRule,
  productExceeds,
} from "@energsys/metering";
import type { Network } from "../network.ts";
import { type MeasuredDay, standingAt } from "./measured-days.ts";
import { pointRegister, stepOf } from "./register-steps.ts";
import type { Surroundings } from "./surroundings.ts";

/** Whether a day is the last one of its month: the finding about the month is kept there. */
export const endsMonth = (date: string): boolean =>
  // Asked of each day of a round: no month ends before its 28th day.
  date.slice(8) >= "28" && Temporal.PlainDate.from(date).day === Temporal.PlainDate.from(date).daysInMonth;

/**
 * The sum check (V09) of the month that ends with a day (`endsMonth`): the days as they count against the step of the register, read at both borders of
 * the month. Nothing is said of a month with a gap that nothing was laid over, with another meter or ratio in it, or with a test of the meter.
 */
export function monthFinding(
  { channel, pointId, day }: MeasuredDay,
  network: Network,
  { digests, registers, tested }: Surroundings,
  plan: readonly PlannedRule[],
  zone: string,
): Finding | undefined {
  const planned = plan.find(({ rule }) => rule.code === "V09");
  if (!planned) return undefined;
  const dates = datesOfMonth(day.date);
  const { startMs } = marketDay(dates[0]!, zone);
  const [standing, ...others] = standingAt(network, pointId, { ...day, startMs });
  if (!standing || others.length > 0 || standing.installation.fromMs > startMs) return undefined;
  if (tested.get(standing.meter.meterId)?.some(({ fromMs, toMs }) => fromMs < day.endMs && toMs > startMs))
    return undefined;
  const register = pointRegister(registers, channel, standing.installation, standing.meter);
  const step = register && stepOf(register, startMs, day.endMs);
  if (!step || step.decreased) return undefined;
  let sum = 0;
  for (const date of dates) {
    const ofDay = digests.sumOf(channel.channelId, date);
    if (ofDay === null || (digests.flagsOf(channel.channelId, date) & missingBit) !== 0) return undefined;
    sum += ofDay;
  }
  const off = Math.abs(sum - step.step);
  const { lastDigits = 1, permille = 1 } = planned.at;
  if (off <= lastDigits * step.digit || !productExceeds(off, 1000, permille, step.step)) return undefined;
  const tolerated = Math.max(lastDigits * step.digit, Math.floor((step.step * permille) / 1000));
  return {
    rule: "V09",
    severity: planned.severity ?? planned.rule.severity,
    channelId: channel.channelId,
    words: "month-sum-differs",
    slots: null,
    count: 0,
    measured: { value: formatScaled(sum - step.step, channel.scale), unit: channel.unit },
    limit: { value: formatScaled(tolerated, channel.scale), unit: channel.unit },
    figures: {
      intervals: formatScaled(sum, channel.scale),
      register: formatScaled(step.step, channel.scale),
    },
  };
}

/** The dates of the month that ends with one. */
const datesOfMonth = (last: string): string[] =>
  Array.from(
    { length: Number(last.slice(8)) },
    (_, nth) => `${last.slice(0, 8)}${String(nth + 1).padStart(2, "0")}`,
  );
