import { formatQuotient, productExceeds } from "./figures.ts";
import { rule } from "./rule.ts";

/** A check meter on the same line, or the meters of a group against its balance meter. */
export const partner = rule({
  code: "V21",
  about: "energy of the day against a check meter or a balance meter, by the limit of their classes",
  severity: "W",
  thresholds: { floorPermille: { default: 5, min: 0, max: 1000 } },
  check({ partner, values }, { sum, present }, { floorPermille }, report) {
    if (!partner || present < values.length) return;
    const permille = Math.max(floorPermille, partner.limitPermille);
    const off = Math.abs(sum - partner.sum);
    if (!productExceeds(off, 1000, permille, Math.abs(partner.sum))) return;
    report.add({
      words: "partner-differs",
      ...(partner.sum === 0
        ? {}
        : {
            measured: {
              value: formatQuotient(BigInt(sum - partner.sum) * 1000n, BigInt(partner.sum), 1),
              unit: "‰",
            },
          }),
      limit: { value: permille.toString(), unit: "‰" },
    });
  },
});
