import { tariffFaultCodes } from "@energsys/metering";
import Type, { type Static } from "typebox";
import { energyNames } from "./analysis.ts";
import {
  BigId,
  closed,
  Day,
  Decimal,
  day,
  Id,
  Instant,
  named,
  OneOf,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
  Yes,
} from "./basics.ts";

/** Names may be empty, as while a form is filled in: that is told with everything else that is wrong. */
const word = (description: string) => Text(description, { maxLength: 60 });
const LastDay = (description: string) =>
  Type.Unsafe<string | null>({ type: ["string", "null"], pattern: day, format: "date", description });
const Reason = Text("Why; it stands in the activity log", { minLength: 3, maxLength: 500 });
/** Decimals as they were entered: what is no number is told with everything else that is wrong. */
const Price = Text("Exact decimal", { maxLength: 60 });

const Calendar = Type.Object(
  {
    rates: Type.Array(word("Rate"), { maxItems: 32, description: "In the order in which they are shown" }),
    dayProfiles: Type.Array(
      Type.Object(
        {
          id: word("Name"),
          switches: Type.Array(
            Type.Object(
              {
                minute: Whole("Minute of the local day from which on the rate holds"),
                rate: Text("Rate", { maxLength: 60 }),
              },
              closed,
            ),
            { maxItems: 96 },
          ),
        },
        closed,
      ),
      { maxItems: 64 },
    ),
    weeks: Type.Array(
      Type.Object(
        {
          id: word("Name"),
          days: Type.Array(Text("Day profile", { maxLength: 60 }), {
            maxItems: 7,
            description: "Day profiles of Monday to Sunday",
          }),
        },
        closed,
      ),
      { maxItems: 32 },
    ),
    seasons: Type.Array(
      Type.Object({ from: Text("Day of each year, MM-DD", { maxLength: 10 }), week: word("Week") }, closed),
      { maxItems: 32 },
    ),
    specialDays: Type.Array(
      Type.Object(
        {
          on: Text("A date, or a day of every year (MM-DD)", { maxLength: 10 }),
          day: Text("Day profile", { maxLength: 60 }),
        },
        closed,
      ),
      { maxItems: 400 },
    ),
    holidayProfile: Type.Optional(word("Day profile of the public holidays of Romania, which are computed")),
  },
  closed,
);

const Side = Type.Optional(OneOf(["export"], "What was fed in, instead of what was taken"));
const Basis = Type.Union([
  Type.Object({ kind: Type.Literal("energy"), side: Side }, closed),
  Type.Object({ kind: Type.Literal("rate"), rate: Text("Rate", { maxLength: 60 }), side: Side }, closed),
  Type.Object(
    {
      kind: Type.Literal("blocks"),
      ofDays: Whole("Days that the limits are meant for"),
      blocks: Type.Array(Type.Object({ upToKwh: Type.Optional(Price), price: Price }, closed), {
        maxItems: 20,
      }),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal("reactive") }, closed),
  Type.Object({ kind: Type.Literal("demand") }, closed),
  Type.Object({ kind: Type.Literal("day") }, closed),
  Type.Object({ kind: Type.Literal("month") }, closed),
  Type.Object({ kind: Type.Literal("fixed") }, closed),
  Type.Object(
    {
      kind: Type.Literal("percent"),
      of: Type.Array(Text("Code of a line before it", { maxLength: 60 }), { maxItems: 60 }),
    },
    closed,
  ),
]);

const Terms = Type.Object(
  {
    currency: Text("Currency (ISO 4217)", { maxLength: 3 }),
    vatPercent: Price,
    calendar: Calendar,
    registers: Type.Array(
      Type.Object(
        { rate: Text("Rate", { maxLength: 60 }), register: Whole("E of the OBIS code C.8.E") },
        closed,
      ),
      { maxItems: 32, description: "Registers in which meters count the rates themselves" },
    ),
    reactive: Type.Optional(
      Type.Object(
        {
          neutralFactor: Price,
          secondFactor: Price,
          multiplier: Price,
          mode: OneOf(["marginal", "whole"], "What is multiplied below the second factor"),
          basePeriod: OneOf(["quarter", "hour", "month"], "Period for which it is computed"),
        },
        closed,
      ),
    ),
    components: Type.Array(
      Type.Object(
        {
          code: word("Code"),
          name: Text("What people call it", { maxLength: 120 }),
          basis: Basis,
          price: Type.Optional(Price),
        },
        closed,
      ),
      { maxItems: 60 },
    ),
  },
  closed,
);
export const termsSchema = named("TariffTerms", Terms);
export type Terms = Static<typeof Terms>;

export const TariffParams = Type.Object({ tariffId: Id("Tariff") }, closed);
export const TariffChangeParams = Type.Object({ changeId: BigId("Change") }, closed);
export const OnQuery = Type.Object({ on: Type.Optional(Day("Day; today without it")) }, closed);
const days = {
  fromDay: Day("First day"),
  toDay: LastDay("Day after the last one; null: for good"),
};

const tariffRow = {
  tariffId: Id("Tariff"),
  code: Text("Code"),
  name: Text("Name"),
};
export const TariffList = Type.Object(
  {
    day: Text("Day for which it is"),
    rows: Type.Array(
      Type.Object(
        {
          ...tariffRow,
          versions: Whole("Versions"),
          validFrom: TextOrNull("First day of the version of this day; null without one"),
          validTo: TextOrNull("Day after its last one; null: for good"),
          rates: Type.Array(Text("Rate")),
          points: Whole("Points that have it on this day"),
        },
        closed,
      ),
    ),
  },
  closed,
);
export const TemplateList = Type.Object(
  {
    rows: Type.Array(
      Type.Object({ code: Text("Code"), name: Text("Name"), terms: termsSchema.reference }, closed),
    ),
  },
  closed,
);

export const tariffSchema = named(
  "Tariff",
  Type.Object(
    {
      ...tariffRow,
      versions: Type.Array(
        Type.Object(
          {
            versionId: Id("Version"),
            validFrom: Text("First day"),
            validTo: TextOrNull("Day after the last one; null: for good"),
            terms: termsSchema.reference,
            reason: Text("Why"),
            by: Text("Who"),
            at: Instant("When it was entered"),
          },
          closed,
        ),
      ),
    },
    closed,
  ),
);

export const TariffGiven = Type.Object(
  {
    code: Text("Code: letters, digits, . _ -", { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$" }),
    name: Text("Name", { minLength: 1, maxLength: 120 }),
    ...days,
    terms: Terms,
    reason: Reason,
  },
  closed,
);
export const TariffAdded = Type.Object({ tariffId: Id("Tariff") }, closed);
export const TariffNameGiven = Type.Object({ name: Text("Name", { minLength: 1, maxLength: 120 }) }, closed);
export const VersionGiven = Type.Object({ ...days, terms: Terms, reason: Reason }, closed);
export const EndGiven = Type.Object({ ...days, reason: Reason }, closed);
export const ChangeMade = Type.Object({ changeId: BigId("Change, by which it is taken back") }, closed);
export const ReasonGiven = Type.Object({ reason: Reason }, closed);

export const CheckGiven = Type.Object(
  {
    terms: Terms,
    year: Type.Optional(Whole("Year of the calendar picture", { minimum: 1900, maximum: 2099 })),
  },
  closed,
);
export const CheckAnswer = Type.Object(
  {
    faults: Type.Array(
      Type.Object(
        {
          code: OneOf(tariffFaultCodes, "What is wrong"),
          at: Text("With which part"),
          path: Text("JSON pointer to it from the version, as /components/3/price"),
        },
        closed,
      ),
    ),
    days: Type.Array(
      Type.Object(
        {
          date: Text("Day"),
          profile: Text("Its day profile"),
          season: Text("First day of its season, MM-DD"),
          reason: OneOf(["special", "holiday", "week"], "What chose it"),
        },
        closed,
      ),
      { description: "Days of the year; none while the calendar has faults" },
    ),
    holidays: Type.Array(Text("Date"), { description: "Public holidays of Romania in that year" }),
  },
  closed,
);

export const ChangesQuery = Type.Object({ tariff: Type.Optional(Id("Of this tariff only")) }, closed);
export const ChangeList = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          changeId: BigId("Change"),
          at: Instant("When"),
          by: Text("Who"),
          reason: Text("Why"),
          kind: OneOf(["version", "end", "assignment", "undo"], "What"),
          tariffId: WholeOrNull("Tariff; null where points were freed of theirs"),
          fromDay: Text("First day"),
          toDay: TextOrNull("Day after the last one; null: for good"),
          points: WholeOrNull("Points of an assignment"),
          undoes: WholeOrNull("The change that it takes back"),
          undone: Yes("It was taken back"),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const AssignmentGiven = Type.Object(
  {
    tariffId: Type.Unsafe<number | null>({
      type: ["integer", "null"],
      minimum: 1,
      maximum: 2_147_483_647,
      description: "Tariff; null: none",
    }),
    of: Type.Optional(
      Text("Points of a subject: p12, g4 (members), b3, s", { pattern: "^(?:[pgb][1-9]\\d{0,8}|s)$" }),
    ),
    pods: Type.Optional(
      Type.Array(Text("Code of a point", { maxLength: 40 }), { minItems: 1, maxItems: 5_000 }),
    ),
    ...days,
    reason: Reason,
  },
  closed,
);
export const AssignmentMade = Type.Object(
  {
    changeId: BigId("Change, by which it is taken back"),
    points: Whole("Points that have it now"),
    unknown: Type.Array(Text("Codes that no point has")),
  },
  closed,
);

const counts = {
  expected: Whole("Values that should be there"),
  present: Whole("Of these, there"),
  good: Whole("Of these, present and good"),
  estimated: Whole("Of these, estimated"),
};
const integer = (description: string) =>
  Type.Unsafe<string | null>({ type: ["string", "null"], pattern: "^-?\\d+$", description });
const counted = { energy: integer("Integer × 10^scale; null when nothing is there"), ...counts };
const sum = Type.Object(counted, closed);
const zoneSum = { rate: Text("Rate"), ...counted };

const period = {
  from: Day("First day"),
  to: Day("Day after the last one; at most 400 days after the first"),
};
const OneSubject = Text("One subject: p12, g4, m4, b3 or s", {
  pattern: "^(?:[pgmb][1-9]\\d{0,8}|s)$",
  maxLength: 10,
});
const energyPattern = energyNames.map((name) => name.replace("+", "\\+")).join("|");
export const MultiRateQuery = Type.Object(
  {
    of: OneSubject,
    ...period,
    energies: Text("Energies, with dots between them: A+.A-.net", {
      pattern: `^(?:${energyPattern})(?:\\.(?:${energyPattern})){0,5}$`,
      maxLength: 60,
    }),
    by: OneOf(["day", "month"], "Parts of the period"),
    tariff: Type.Optional(Id("Rates all by this one; each point by its own without it")),
  },
  closed,
);
export const multiRateSchema = named(
  "MultiRate",
  Type.Object(
    {
      zone: Text("Market zone"),
      from: Text("First day"),
      to: Text("Day after the last one"),
      of: Text("Subject"),
      name: Text("What people call it; empty for the system"),
      detail: Text("Its second line"),
      points: Whole("Points that count"),
      tariffs: Type.Array(
        Type.Object(
          {
            ...tariffRow,
            versions: Type.Array(
              Type.Object(
                { validFrom: Text("First day"), validTo: TextOrNull("Day after the last one") },
                closed,
              ),
            ),
          },
          closed,
        ),
        { description: "Tariffs that rated it" },
      ),
      choices: Type.Array(Type.Object(tariffRow, closed), { description: "Tariffs that could" }),
      energies: Type.Array(
        Type.Object(
          {
            energy: OneOf(energyNames, "Energy"),
            unit: Text("Unit"),
            scale: Whole("Power of ten: value in `unit` = integer × 10^scale"),
            stepSeconds: Whole("Length of an interval, s"),
            total: sum,
            unrated: sum,
            unratedDays: Whole("Days on which some of it has no tariff"),
            zones: Type.Array(
              Type.Object(
                {
                  ...zoneSum,
                  shareMille: WholeOrNull("Thousandths of the total"),
                  max: Type.Union([
                    Type.Object(
                      {
                        value: Type.Integer({ description: "Energy of the interval" }),
                        start: Instant("Its start"),
                      },
                      closed,
                    ),
                    Type.Null(),
                  ]),
                },
                closed,
              ),
            ),
            buckets: Type.Array(
              Type.Object(
                {
                  key: Text("Day, or month"),
                  zones: Type.Array(integer("Energy of each rate, in the order of `zones`")),
                  unrated: integer("Energy without a tariff"),
                  total: sum,
                },
                closed,
              ),
            ),
            registers: Type.Array(
              Type.Object(
                {
                  rate: Text("Rate"),
                  register: Whole("E of the OBIS code"),
                  ours: integer("From the intervals"),
                  meters: integer("From the meter's register; null where it says nothing"),
                  difference: integer("Ours less the meter's"),
                  differs: Yes("More than one step of the register"),
                  silence: Type.Union([
                    OneOf(["not-read", "went-back", "no-meter"], "Why the register says nothing"),
                    Type.Null(),
                  ]),
                },
                closed,
              ),
              { description: "The meter's own rate registers; of single points only" },
            ),
          },
          closed,
        ),
      ),
    },
    closed,
  ),
);
export type MultiRateAnswer = Static<typeof multiRateSchema.whole>;

export const AccountQuery = Type.Object(
  {
    of: Text("A point: p12", { pattern: "^p[1-9]\\d{0,8}$", maxLength: 10 }),
    ...period,
    tariff: Type.Optional(Id("What it would be with this one; its own without it")),
  },
  closed,
);
export const ComparisonQuery = Type.Object({ of: AccountQuery.properties.of, ...period }, closed);
export const accountSchema = named(
  "TariffAccount",
  Type.Object(
    {
      currency: TextOrNull("Currency; null without a tariff"),
      net: Decimal("Sum of the lines"),
      vat: Decimal("VAT on it"),
      total: Decimal("Both"),
      expected: Whole("Intervals of import that should be there"),
      present: Whole("Of these, there"),
      estimated: Whole("Of these, estimated"),
      unpriced: Type.Array(
        Type.Object(
          {
            fromDay: Text("First day"),
            toDay: Text("Day after the last one"),
            energyWh: Text("Integer, Wh"),
          },
          closed,
        ),
        { description: "Days without a tariff" },
      ),
      parts: Type.Array(
        Type.Object(
          {
            fromDay: Text("First day"),
            toDay: Text("Day after the last one"),
            tariffId: Id("Tariff"),
            code: Text("Its code"),
            vatPercent: Text("VAT, percent"),
            net: Decimal("Sum of its lines"),
            reactiveMissing: Whole(
              "Periods of reactive energy that are not charged because a value is missing",
            ),
            lines: Type.Array(
              Type.Object(
                {
                  code: Text("Code of the line"),
                  name: Text("Its name"),
                  unit: OneOf(
                    ["kWh", "kvarh", "kW", "day", "month", "once", "money"],
                    "Unit of the quantity",
                  ),
                  quantity: Decimal("Quantity"),
                  price: Decimal("Price of one, or percent"),
                  amount: Decimal("Rounded to 0.01, half up"),
                },
                closed,
              ),
            ),
          },
          closed,
        ),
      ),
    },
    closed,
  ),
);
export type AccountAnswer = Static<typeof accountSchema.whole>;

export const AccountOfPoint = Type.Object(
  {
    zone: Text("Market zone"),
    of: Text("Point"),
    name: Text("Its code"),
    detail: Text("Its name"),
    account: accountSchema.reference,
  },
  closed,
);
export const ComparisonAnswer = Type.Object(
  {
    zone: Text("Market zone"),
    own: Type.Union(
      [Type.Object({ total: Decimal("Total"), currency: Text("Currency") }, closed), Type.Null()],
      {
        description: "With the tariffs that the point has; null where days have none",
      },
    ),
    rows: Type.Array(
      Type.Object(
        {
          ...tariffRow,
          total: TextOrNull("Total, exact decimal; null where it cannot be charged"),
          currency: TextOrNull("Currency; null where it cannot be charged"),
          difference: Type.Unsafe<string | null>({
            type: ["string", "null"],
            description: "More than with its own, exact decimal; null without that, or in another currency",
          }),
          mille: WholeOrNull("Thousandths of its own"),
          own: Yes("The point has it in the whole period"),
          unpricedDays: Whole("Days on which it says nothing"),
          refused: TextOrNull("Code of why the point cannot be charged by it; null where it can"),
        },
        closed,
      ),
      { description: "The cheapest first, those that cannot be charged last" },
    ),
  },
  closed,
);
export const PreviewGiven = Type.Object(
  {
    terms: Terms,
    pod: Text("Code of a sample point", { minLength: 1, maxLength: 40 }),
    ...period,
  },
  closed,
);
export const PreviewAnswer = Type.Object(
  {
    before: accountSchema.reference,
    after: accountSchema.reference,
    difference: Type.Unsafe<string | null>({
      type: ["string", "null"],
      description: "More than before, exact decimal; null in another currency",
    }),
  },
  closed,
);
