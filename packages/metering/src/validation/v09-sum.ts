import { formatScaled, productExceeds } from "./figures.ts";
import { rule } from "./rule.ts";

/**
 * Sum of the intervals against the step of the register. With gaps the step scales the estimates instead. Which of the two is wrong
 * cannot be told from here, so the finding is about the day and refuses no interval.
 */
export const sum = rule({
  code: "V09",
  about: "sum of the day's intervals against the step of the index, factors applied to both",
  severity: "F",
  thresholds: {
    lastDigits: { default: 1, min: 0, max: 100 },
    permille: { default: 1, min: 0, max: 1000 },
  },
  check({ register, values, scale }, { present, sum }, { lastDigits, permille }, report) {
    if (!register || register.decreased || present < values.length) return;
    const difference = sum - register.step;
    const off = Math.abs(difference);
    const digits = lastDigits * register.digit;
    if (off <= digits || !productExceeds(off, 1000, permille, Math.abs(register.step))) return;
    const relative = (BigInt(permille) * BigInt(Math.abs(register.step))) / 1000n;
    report.add({
      words: "sum-differs",
      measured: { value: formatScaled(difference, scale), unit: "Wh" },
      limit: {
        value: formatScaled(relative > BigInt(digits) ? relative : BigInt(digits), scale),
        unit: "Wh",
      },
      figures: { intervals: formatScaled(sum, scale), register: formatScaled(register.step, scale) },
    });
  },
});
