import { energies } from "@energsys/store";
import Type, { type Static, type TSchema } from "typebox";
import { closed, Day, Id, Instant, named, OneOf, Text, Whole, WholeOrNull, Yes } from "./basics.ts";

const one = "(?:[pgmb][1-9]\\d{0,8}|s)";
/** Subjects of one request at most. */
export const FileParams = Type.Object({ format: OneOf(["csv", "xlsx", "pdf"], "Kind of file") }, closed);

export const subjectsMax = 6;

const Of = Text(
  "Subjects, with dots between them: p12 a point, g4 the members of a group, m4 its balance meters, b3 a branch with all below it, s all that the caller may see",
  { pattern: `^${one}(?:\\.${one}){0,${subjectsMax - 1}}$`, maxLength: 70 },
);
const OneSubject = Text("One subject, as in `of` of the series", { pattern: `^${one}$`, maxLength: 10 });
export const energyNames = [...(Object.keys(energies) as (keyof typeof energies)[]), "net"] as const;
export type EnergyName = (typeof energyNames)[number];
const EnergyAsked = OneOf(
  energyNames,
  "A+ active import, A- active export, R+ R- reactive, RQ1 to RQ4 by quadrant, S+ S- apparent; net: A+ less A-",
);
const period = {
  from: Day("First day"),
  to: Day("Day after the last one; at most 400 days after the first"),
};

export const SubjectsQuery = Type.Object(
  {
    q: Type.Optional(Text("Words of a name or code", { maxLength: 200 })),
    of: Type.Optional(Of),
  },
  closed,
);
const subject = {
  of: Text("How to ask for it"),
  name: Text("What people call it; empty for the system"),
  detail: Text("A second line: the point's name, or the branches above"),
};
export const SubjectList = Type.Object({ rows: Type.Array(Type.Object(subject, closed)) }, closed);

export const SeriesQuery = Type.Object({ of: Of, energy: EnergyAsked, ...period }, closed);

const coverage = Type.Object(
  {
    expected: Whole("Values that should be there, of all points together, of intervals that have ended"),
    present: Whole("Of these, there"),
    good: Whole("Of these, present and good"),
    estimated: Whole("Of these, estimated"),
  },
  closed,
);
export type Coverage = Static<typeof coverage>;

const integerText = (description: string) =>
  Type.Unsafe<string | null>({ type: ["string", "null"], pattern: "^-?\\d+$", description });

export const energySeriesSchema = named(
  "EnergySeries",
  Type.Object(
    {
      ...subject,
      unit: Text("Unit of the energy of an interval"),
      scale: Whole("Power of ten: value in `unit` = integer × 10^scale"),
      start: Instant("Start of the first interval"),
      stepSeconds: Whole("Length of an interval, s"),
      days: Type.Array(
        Type.Object(
          {
            day: Text("Market-local date"),
            firstIndex: Whole("Index of its first interval"),
            slots: Whole("Its intervals that have ended"),
          },
          closed,
        ),
      ),
      values: Type.Array(Type.Unsafe<number | null>({ type: ["integer", "null"] }), {
        description: "One value per interval that has ended, without a break; null where nothing is there",
      }),
      flags: Type.Array(Type.Array(Type.Integer(), { minItems: 3, maxItems: 3 }), {
        description: "Runs of quality other than good: first index, count, quality bits of all values in it",
      }),
      incomplete: Type.Array(Type.Array(Type.Integer(), { minItems: 2, maxItems: 2 }), {
        description:
          "Runs of intervals with a value to which some point did not bring its own: first index, count",
      }),
      coverage,
    },
    closed,
  ),
);
export const SeriesAnswer = Type.Object(
  {
    zone: Text("Market zone"),
    from: Text("First day"),
    to: Text("Day after the last one"),
    series: Type.Array(energySeriesSchema.reference),
  },
  closed,
);

const buckets = ["day", "month", "point", "group"] as const;
export type ConsumptionBy = (typeof buckets)[number];
export const ConsumptionQuery = Type.Object(
  {
    of: OneSubject,
    energy: EnergyAsked,
    ...period,
    by: OneOf(buckets, "A row per day, month, point or group"),
    beforeFrom: Type.Optional(Day("First day of the time that it is compared with")),
    beforeTo: Type.Optional(Day("Day after the last one of that time")),
  },
  closed,
);
const sumsOnly = Yes(
  "Part of it is of months of which only the sums are kept: days and intervals of them are gone",
);
const amount = Type.Object(
  {
    energy: integerText("Integer of the answer's scale; null when nothing is there"),
    coverage,
    sumsOnly,
  },
  closed,
);
const amountOrNull = Type.Union([amount, Type.Null()]);
export const consumptionSchema = named(
  "Consumption",
  Type.Object(
    {
      zone: Text("Market zone"),
      unit: Text("Unit"),
      scale: Whole("Power of ten: value in `unit` = integer × 10^scale"),
      total: Type.Object(
        {
          energy: integerText("All of it"),
          coverage,
          sumsOnly,
          before: amountOrNull,
          taken: amountOrNull,
          given: amountOrNull,
        },
        closed,
      ),
      rows: Type.Array(
        Type.Object(
          {
            key: Text("Day, first day of the month, or subject"),
            name: Text("Name of a point or group, else empty"),
            detail: Text("Second line of it"),
            energy: integerText("Energy"),
            coverage,
            sumsOnly,
            before: amountOrNull,
            taken: amountOrNull,
            given: amountOrNull,
          },
          closed,
        ),
        { description: "Days and months in order; points and groups by energy, the greatest first" },
      ),
      more: Whole("Rows that were left off: the file has them all"),
    },
    closed,
  ),
);
export type Consumption = Static<typeof consumptionSchema.whole>;

export const StatisticsQuery = Type.Object({ of: OneSubject, ...period }, closed);
const peakValue = Type.Union([
  Type.Object(
    {
      value: Type.Integer({ description: "Energy of the interval, integer of the row's scale" }),
      start: Instant("Its start"),
    },
    closed,
  ),
  Type.Null(),
]);
export const StatisticsAnswer = Type.Object(
  {
    zone: Text("Market zone"),
    points: Whole("Points that count"),
    rows: Type.Array(
      Type.Object(
        {
          energy: OneOf(energyNames, "Energy"),
          unit: Text("Unit"),
          scale: Whole("Power of ten of all its energies"),
          stepSeconds: Whole("Length of an interval, s"),
          total: integerText("Total energy"),
          intervals: Whole("Intervals with a value: the mean is the total over them"),
          max: peakValue,
          min: peakValue,
          sumOfMaxima: integerText("Sum of each point's own greatest interval, at any time"),
          coverage,
        },
        closed,
      ),
    ),
  },
  closed,
);
export type StatisticsRows = Static<typeof StatisticsAnswer>["rows"];

export const PeaksQuery = Type.Object(
  {
    of: OneSubject,
    energy: OneOf(Object.keys(energies) as (keyof typeof energies)[], "Energy"),
    ...period,
    beforeFrom: Type.Optional(Day("First day of a former time to compare with")),
    beforeTo: Type.Optional(Day("Day after the last one of the former time")),
    limit: Type.Optional(Whole("Peaks to give; 20 when absent", { minimum: 1, maximum: 200 })),
  },
  closed,
);
const peakPoint = {
  pointId: Id("Point of measure"),
  pod: Text("Code of the point"),
  name: Text("Name of the point"),
};
const peakInterval = {
  value: Type.Integer({ description: "Energy of the interval, all points together" }),
  scale: Whole("Power of ten"),
  stepSeconds: Whole("Length of the interval, s"),
  start: Instant("Start of the interval"),
  expected: Whole("Points that should have a value"),
  present: Whole("Points that have one"),
};
const orNull = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });
export const PeaksAnswer = Type.Object(
  {
    zone: Text("Market zone"),
    unit: Text("Unit"),
    coverage,
    points: Type.Array(
      Type.Object(
        {
          ...peakPoint,
          value: Type.Integer({ description: "Energy of its greatest good interval" }),
          scale: Whole("Power of ten"),
          stepSeconds: Whole("Length of the interval, s"),
          start: Instant("Start of the interval"),
          flags: Whole("Quality bits"),
          approvedPowerW: WholeOrNull("Approved power of the point then, W; of A+ alone"),
          before: orNull(
            Type.Object(
              {
                value: Type.Integer({ description: "Energy of its greatest good interval" }),
                scale: Whole("Power of ten"),
                stepSeconds: Whole("Length of the interval, s"),
                start: Instant("Start of the interval"),
              },
              closed,
            ),
            "Its greatest of the former time",
          ),
        },
        closed,
      ),
      { description: "Greatest interval of each point, greatest power first" },
    ),
    months: Type.Array(Type.Object({ month: Text("Month, such as 2026-10"), ...peakInterval }, closed), {
      description: "Greatest interval of the sum in each month of the period",
    }),
    before: orNull(Type.Object(peakInterval, closed), "Greatest interval of the sum in the former time"),
    together: Type.Array(
      Type.Object(
        {
          ...peakInterval,
          shares: Type.Array(
            Type.Object(
              {
                ...peakPoint,
                value: Type.Integer({ description: "What it brought" }),
                scale: Whole("Power of ten"),
              },
              closed,
            ),
            { description: "Who brought most" },
          ),
        },
        closed,
      ),
      { description: "Greatest interval of the sum on each day, greatest first" },
    ),
  },
  closed,
);
