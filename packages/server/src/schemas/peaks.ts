import { peakDayKinds } from "@energsys/store";
import Type, { type Static } from "typebox";
import { peakBases, peakEnergies, severities } from "./alarms.ts";
import { closed, Day, Id, Instant, OneOf, Text, TextOrNull, Whole, WholeOrNull, Yes } from "./basics.ts";

const positive = (description: string, whole: number, fraction: number) =>
  Text(`${description}, exact decimal above 0`, {
    pattern: `^(?=.*[1-9])\\d{1,${whole}}(?:\\.\\d{1,${fraction}})?$`,
    maxLength: whole + fraction + 1,
  });

const clock = (description: string) =>
  Text(`${description}, HH:MM, a quarter-hour`, {
    pattern: "^(?:[01]\\d|2[0-3]):(?:00|15|30|45)$",
    maxLength: 5,
  });

/** What a rule looks for. */
const condition = {
  of: Text(
    "Whose demand: p12 a point, g4 the members of a group together, m4 its balance meters, approved each point that has an approved power",
    { pattern: "^(?:[pgm][1-9]\\d{0,8}|approved)$", maxLength: 10 },
  ),
  energy: OneOf(peakEnergies, "Energy whose mean demand of a quarter-hour is compared"),
  basis: OneOf(
    peakBases,
    "power: `powerKw`; approved: `percent` of the approved power of that day (points); former: `percent` of the greatest demand of the `formerDays` days before",
  ),
  powerKw: Type.Optional(positive("Threshold, kW", 9, 6)),
  percent: Type.Optional(positive("Part, %", 3, 3)),
  formerDays: Type.Optional(Whole("Days before", { minimum: 1, maximum: 400 })),
  quarters: Whole("So many quarter-hours on end", { minimum: 1, maximum: 12 }),
  estimates: Yes("Whether quarter-hours with estimated values count"),
  dayKind: OneOf(
    peakDayKinds,
    "On which days it looks; workdays: Monday to Friday but public holidays, restdays: all others",
  ),
  startTime: Type.Optional(clock("At which hours it looks: from, by the local clock; with `endTime`")),
  endTime: Type.Optional(clock("Until; over midnight where it is not after `startTime`")),
};
export const PeakConditionGiven = Type.Object(condition, closed);
export type PeakConditionGiven = Static<typeof PeakConditionGiven>;

const rule = {
  name: Text("Name of the rule", { minLength: 1, maxLength: 80, pattern: "\\S" }),
  ...condition,
  severity: OneOf(severities, "Severity of its alarms"),
  enabled: Yes("Whether it watches"),
};
export const PeakRuleGiven = Type.Object(rule, closed);
export type PeakRuleGivenBody = Static<typeof PeakRuleGiven>;
export const PeakRuleChange = Type.Object(
  { ...rule, seen: Instant("`changedAt` of the rule that is changed: what somebody changed since stays") },
  closed,
);
export const PeakRuleParams = Type.Object({ ruleId: Id("Peak rule") }, closed);
export const PeakRuleAdded = Type.Object({ ruleId: Id("Peak rule") }, closed);

export const PeakRuleList = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          ruleId: Id("Peak rule"),
          ...rule,
          subject: TextOrNull("Name of the point or group; null for each point with an approved power"),
          detail: TextOrNull("A second line: the point's name, or the branches above"),
          from: Day("First day that it watches as it is now"),
          raised: Whole("Peaks of the last 30 days that it raised and that stand"),
          createdBy: Text("Who made it"),
          createdAt: Instant("Made at"),
          changedBy: Text("Who changed it last"),
          changedAt: Instant("Changed at"),
        },
        closed,
      ),
      { description: "By name" },
    ),
  },
  closed,
);

export const PeakTrialGiven = Type.Object(
  { ...condition, days: Whole("Days back from today, today among them", { minimum: 1, maximum: 92 }) },
  closed,
);
export const PeakTrialAnswer = Type.Object(
  {
    from: Day("First day"),
    to: Day("Day after the last one"),
    raised: Whole("Alarms that it would have raised"),
    subjects: Whole("Of so many points or groups"),
    whole: Yes("False when only the newest days were looked at, since there are too many: there may be more"),
    peaks: Type.Array(
      Type.Object(
        {
          of: Text("Whose demand, as `of` of the series of analysis takes it"),
          name: Text("Name of the point or group"),
          day: Day("Market day"),
          at: Instant("Begin of the quarter-hour"),
          demandKw: Text("Mean demand, kW, exact"),
          thresholdKw: Text("Threshold, kW, exact"),
          basisKw: TextOrNull("Approved power, or greatest demand of the days before, kW"),
          quarters: Whole("Quarter-hours of the day above the threshold"),
          expected: Whole("Values that should be in the sum"),
          present: Whole("Values that are"),
          estimated: Whole("Of these, estimated ones"),
          pointId: WholeOrNull("Point"),
        },
        closed,
      ),
      { description: "The newest 100" },
    ),
  },
  closed,
);
