/** Kinds of days by how people use energy on them. */
export const dayKinds = ["workday", "saturday", "sunday"] as const;
export type DayKind = (typeof dayKinds)[number];

/** Month × 100 + day of the Romanian holidays with a fixed date (Labour Code, art. 139; 6 and 7 January since 2024). */
const fixed = [101, 102, 106, 107, 124, 501, 601, 815, 1130, 1201, 1225, 1226];

/** Orthodox Easter Sunday, 1900 to 2099: Meeus' rule for the Julian calendar, 13 days later in the civil one. */
export function orthodoxEaster(year: number): Temporal.PlainDate {
  if (year < 1900 || year > 2099) throw new RangeError(`the rule holds from 1900 to 2099, not in ${year}`);
  const d = (19 * (year % 19) + 15) % 30;
  const e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
  const march = d + e + 114;
  const julian = { year, month: Math.floor(march / 31), day: (march % 31) + 1 };
  return Temporal.PlainDate.from(julian).add({ days: 13 });
}

const years = new Map<number, ReadonlySet<string>>();

/** Public holidays of Romania in a year, as dates `YYYY-MM-DD`: the fixed ones and those that follow Easter. */
export function romanianHolidays(year: number): ReadonlySet<string> {
  let days = years.get(year);
  if (!days) {
    const easter = orthodoxEaster(year);
    const moved = [-2, 0, 1, 49, 50].map((after) => easter.add({ days: after }).toString());
    const known = fixed.filter((at) => year >= 2024 || (at !== 106 && at !== 107));
    const ofDate = (at: number) =>
      Temporal.PlainDate.from({ year, month: Math.floor(at / 100), day: at % 100 }).toString();
    days = new Set([...known.map(ofDate), ...moved]);
    years.set(year, days);
  }
  return days;
}

/** A holiday counts as a Sunday; 24 and 31 December as a Saturday where they would be workdays (as the BDEW's profiles have it). */
export function dayKindOf(
  date: string,
  holidays: (year: number) => ReadonlySet<string> = romanianHolidays,
): DayKind {
  const day = Temporal.PlainDate.from(date);
  if (day.dayOfWeek === 7 || holidays(day.year).has(date)) return "sunday";
  const eve = day.month === 12 && (day.day === 24 || day.day === 31);
  return day.dayOfWeek === 6 || eve ? "saturday" : "workday";
}
