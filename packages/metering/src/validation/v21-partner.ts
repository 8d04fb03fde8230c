import type { CheckedDay, GroupBalance } from "./checked-day.ts";
import { formatQuotient, formatScaled, productExceeds } from "./figures.ts";
import { type Report, rule } from "./rule.ts";

/** A check meter on the same line, or the meters of a group against its balance meters. */
export const partner = rule({
  code: "V21",
  about: "energy of the day against a check meter or a balance meter, by the limit of their classes",
  severity: "W",
  thresholds: {
    floorPermille: { default: 5, min: 0, max: 1000 },
    // Above what the meters may be off by and, where the plate is known, what must be lost.
    ratedPermille: { default: 30, min: 0, max: 1000 },
    unratedPermille: { default: 150, min: 0, max: 1000 },
  },
  check(day, { sum, present }, at, report) {
    if (day.groups) lookAtGroups(day.groups, at, report);
    if (day.partner && present === day.values.length)
      lookAtPartner(day.partner, sum, at.floorPermille, report);
  },
});

function lookAtPartner(
  { sum: other, limitPermille }: NonNullable<CheckedDay["partner"]>,
  sum: number,
  floorPermille: number,
  report: Report,
): void {
  const permille = Math.max(floorPermille, limitPermille);
  const off = Math.abs(sum - other);
  if (!productExceeds(off, 1000, permille, Math.abs(other))) return;
  report.add({
    words: "partner-differs",
    ...(other === 0
      ? {}
      : {
          measured: { value: formatQuotient(BigInt(sum - other) * 1000n, BigInt(other), 1), unit: "‰" },
        }),
    limit: { value: permille.toString(), unit: "‰" },
  });
}

type Limits = Readonly<Record<"floorPermille" | "ratedPermille" | "unratedPermille", number>>;

/** What one group has too much of one kind; of several groups of one balance meter the worst speaks. */
interface Excess {
  readonly group: GroupBalance;
  readonly off: number;
  readonly limit: number;
}

function lookAtGroups(groups: readonly GroupBalance[], at: Limits, report: Report): void {
  let lost: Excess | undefined;
  let gained: Excess | undefined;
  for (const group of groups) {
    const { input, counted, gross, technical, uncertainty } = group;
    const share = (permille: number) => Math.ceil((permille * gross) / 1000);
    const limit = uncertainty + share(technical === null ? at.unratedPermille : at.ratedPermille);
    lost = worse(lost, { group, off: input - counted - (technical ?? 0), limit });
    // Something is always lost: members that count more than came in are wrong, or are fed from elsewhere.
    if (group.feedsUncounted) continue;
    const most = Math.max(uncertainty, share(at.floorPermille));
    gained = worse(gained, { group, off: counted - input, limit: most });
  }
  if (lost) tell("group-loses", lost, report);
  if (gained) tell("group-gains", gained, report);
}

function worse(known: Excess | undefined, excess: Excess): Excess | undefined {
  if (excess.off <= excess.limit) return known;
  return !known || excess.off - excess.limit > known.off - known.limit ? excess : known;
}

function tell(words: string, { group, off, limit }: Excess, report: Report): void {
  const energy = (value: number) => formatScaled(value, group.scale);
  report.add({
    words,
    measured: { value: energy(off), unit: "Wh" },
    limit: { value: energy(limit), unit: "Wh" },
    figures: {
      groupId: group.groupId.toString(),
      group: group.name,
      balance: energy(group.input),
      members: energy(group.counted),
      ...(group.technical === null ? {} : { technical: energy(group.technical) }),
    },
  });
}
