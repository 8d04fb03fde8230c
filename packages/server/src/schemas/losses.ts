import { lossModes } from "@energsys/metering";
import { caseOutcomes, caseStates, groupKinds, settableCaseStates } from "@energsys/store";
import Type, { type Static } from "typebox";
import { FileParams } from "./analysis.ts";
import {
  closed,
  Day,
  Id,
  Instant,
  InstantOrNull,
  NumberOrNull,
  named,
  OneOf,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
  Yes,
} from "./basics.ts";

const period = { from: Day("First day"), to: Day("Day after the last one") };
const Wh = (description: string) =>
  Type.Unsafe<string | null>({
    type: ["string", "null"],
    pattern: "^-?\\d+(\\.\\d+)?$",
    description: `${description}, exact Wh`,
  });
const Number_ = (description: string) => Type.Number({ description });

export const LossesQuery = Type.Object(
  {
    ...period,
    beforeFrom: Type.Optional(Day("First day of a former time to compare with")),
    beforeTo: Type.Optional(Day("Day after its last one")),
  },
  closed,
);
export const LossesFileParams = FileParams;
export const GroupLossesParams = Type.Object({ groupId: Id("Group") }, closed);
export const GroupLossesFileParams = Type.Object(
  { groupId: Id("Group"), format: FileParams.properties.format },
  closed,
);
export const GroupLossesQuery = Type.Object(period, closed);

const side = Type.Object(
  {
    energy: Wh("Energy of all values that are there; null when none is"),
    expected: Whole("Values that should be there"),
    present: Whole("Of these, there"),
    good: Whole("Of these, present and good"),
    estimated: Whole("Of these, estimated"),
  },
  closed,
);

export const lossFiguresSchema = named(
  "LossFigures",
  Type.Object(
    {
      balance: side,
      members: side,
      slots: Whole("Quarter-hours that have ended"),
      alignedSlots: Whole(
        "Those in which all balance meters and at least 95 % of the members have a value: the loss is reckoned from them",
      ),
      input: Wh("What went in, in those"),
      counted: Wh("What was counted of it"),
      loss: Wh("Input less counted"),
      percent: NumberOrNull("Loss by input, %"),
      technicalWh: NumberOrNull("What must be lost by the ratings, Wh; null where none is entered"),
      ironWh: NumberOrNull("Of it, the transformer's iron"),
      copperWh: NumberOrNull("Its copper"),
      lineWh: NumberOrNull("Lines"),
      technicalSlots: Whole("Aligned quarter-hours in which a rating held"),
      missingWh: Number_("Of the loss, what members without value took, at the mean of the others, Wh"),
      unexplainedWh: NumberOrNull("Loss less the technical part and what is missing, Wh"),
      unexplainedPercent: NumberOrNull("The same by input, %"),
      uncertaintyWh: Number_("By the meters' classes and what is missing, Wh"),
      significant: Yes("The unexplained part is more than the uncertainty"),
      completeness: Number_("Good values by expected ones, of the worse side, 0 to 1"),
      reportable: Yes("At least 95 % complete"),
    },
    closed,
  ),
);
export type LossFiguresAnswer = Static<typeof lossFiguresSchema.whole>;
const Figures = lossFiguresSchema.reference;
const FiguresOrNull = Type.Union([Figures, Type.Null()]);

const compared = Type.Object(
  {
    percent: NumberOrNull("Loss before, %"),
    changePoints: NumberOrNull("Now less before, percentage points"),
    savedWh: NumberOrNull("What the percentage of before would have lost now, less what was lost, Wh"),
    uncertaintyWh: Number_("Of it, Wh"),
    significant: Yes("More than the meters' errors could make of nothing"),
    reportable: Yes("Both times are at least 95 % complete"),
  },
  closed,
);

const lossRow = Type.Object(
  {
    groupId: Id("Group"),
    name: Text("Name"),
    kind: OneOf(groupKinds, "Kind of group"),
    parentId: WholeOrNull("Group above it"),
    depth: Whole("0: at the top"),
    members: Whole("Members at the end of the period"),
    balanceMeters: Whole("Balance meters then"),
    below: Whole("Groups directly below it"),
    own: FiguresOrNull,
    all: FiguresOrNull,
    percentByDay: Type.Array(NumberOrNull("Own loss of a day by its input, %")),
    completenessByDay: Type.Array(Number_("0 to 1")),
    before: Type.Union([compared, Type.Null()], { description: "Comparison of `all`" }),
  },
  closed,
);
export const lossReportSchema = named(
  "LossReport",
  Type.Object(
    {
      zone: Text("Time zone of the days"),
      from: Day("First day"),
      to: Day("Day after the last one"),
      days: Type.Array(Day("Days that have begun")),
      total: FiguresOrNull,
      totalBefore: Type.Union([compared, Type.Null()]),
      rows: Type.Array(lossRow, {
        description: "The tree from the top down, each group after the one above it",
      }),
    },
    closed,
  ),
);
export type LossReportAnswer = Static<typeof lossReportSchema.whole>;

const decimalIn = (description: string) =>
  Text(description, { pattern: "^\\d{1,9}(\\.\\d{1,6})?$", maxLength: 16 });
const transformer = Type.Object(
  {
    ratedVa: Whole("Rated power, VA", { minimum: 1, maximum: 1_000_000_000_000 }),
    noLoadLossW: decimalIn("No-load loss, W"),
    loadLossW: decimalIn("Load loss at rated power, W"),
  },
  closed,
);
const line = Type.Object(
  {
    ohm: decimalIn("Resistance of one conductor of three that carries all of the load, ohm"),
    volts: Whole("Voltage between two conductors, V", { minimum: 1, maximum: 1_000_000 }),
  },
  closed,
);
const rating = Type.Object(
  {
    transformer: Type.Union([transformer, Type.Null()], { description: "By its plate" }),
    line: Type.Union([line, Type.Null()], { description: "Lines below it, or of a feeder" }),
    cosPhi: Text("Power factor that the load is taken for", { pattern: "^(0\\.\\d{1,3}|1(\\.0{1,3})?)$" }),
  },
  closed,
);
export const RatingGiven = Type.Object(
  {
    from: Instant("From this instant on, a quarter-hour"),
    rating: Type.Union([rating, Type.Null()], { description: "null: nothing is known from then on" }),
    reason: Text("Why", { minLength: 1, maxLength: 500, pattern: "\\S" }),
  },
  closed,
);
const datedRating = Type.Object(
  { from: Instant("Since when"), to: InstantOrNull("Until when; null: it lasts"), ...rating.properties },
  closed,
);
export const Ratings = Type.Object({ rows: Type.Array(datedRating, { description: "By time" }) }, closed);

export const groupLossesSchema = named(
  "GroupLosses",
  Type.Object(
    {
      zone: Text("Time zone of the days"),
      from: Day("First day"),
      to: Day("Day after the last one"),
      groupId: Id("Group"),
      name: Text("Name"),
      kind: OneOf(groupKinds, "Kind of group"),
      members: Whole("Members at the end of the period"),
      balanceMeters: Whole("Balance meters then"),
      total: FiguresOrNull,
      days: Type.Array(Type.Object({ day: Day("Day"), figures: Figures }, closed)),
      start: Instant("Begin of the first quarter-hour"),
      stepSeconds: Whole("Length of an interval"),
      scale: Whole("Wh = integer × 10^scale"),
      loss: Type.Array(WholeOrNull("Loss by quarter-hour; null where not both sides are known")),
      technicalWh: Type.Array(NumberOrNull("What must be lost of it, Wh")),
      ratings: Type.Array(datedRating),
    },
    closed,
  ),
);

const reason = Type.Object(
  {
    code: OneOf(
      [
        "follows-consumption",
        "daily-correlation",
        "lost-while-zero",
        "factor",
        "counted-elsewhere",
        "fits-other",
        "against-last-year",
        "flows-here",
        "clock-off",
        "began",
        "ended",
        "phase-without-current",
        "neutral-carries-more",
        "voltage-low",
        "tamper-event",
        "zero",
        "frozen",
        "filled",
      ],
      "What speaks for it; pages put it in words",
    ),
    figures: Type.Record(Type.String(), NumberOrNull("Figure"), { description: "Figures, by their name" }),
    day: TextOrNull("Day on which it began or ended"),
    at: InstantOrNull("When the meter told it"),
    kind: TextOrNull("What the meter told"),
  },
  closed,
);
const suspect = {
  score: Number_("0 to 100: how much of the loss's movement it explains, and how sure its likeliest mode is"),
  explainedWh: Number_("Wh of the loss that it explains; negative: it is counted too much"),
  modes: Type.Array(
    Type.Object({ mode: OneOf(lossModes, "What may be wrong"), likelihood: Number_("0 to 1") }, closed),
    { description: "The likeliest first" },
  ),
  reasons: Type.Array(reason),
  from: Day("Since when"),
  to: Day("Day after the last one"),
};
export const suspectedSchema = Type.Object(suspect, closed);
export type Suspected = Static<typeof suspectedSchema>;

export const lossSuspectsSchema = named(
  "LossSuspects",
  Type.Object(
    {
      days: Type.Array(Day("Whole days that were looked at")),
      dailyLossWh: Type.Array(NumberOrNull("Loss of a day, Wh")),
      members: Whole("Members that were looked at"),
      outsiders: Whole("Points nearby that are in no transformer, looked at as well"),
      unexplainedPart: Number_("Part of the loss's movement that nobody explains, 0 to 1"),
      usableSlots: Whole("Quarter-hours that could be used"),
      slots: Whole("Of so many"),
      suspects: Type.Array(
        Type.Object(
          {
            pointId: Id("Point"),
            pod: Text("Code"),
            name: Text("Name"),
            address: Text("Address"),
            member: Yes("A member of the group; otherwise it stands in no transformer"),
            other: TextOrNull("Code of the point that it is taken for"),
            caseId: WholeOrNull("The case that looks into it"),
            dailyWh: Type.Array(NumberOrNull("What it counted of a day, Wh")),
            ...suspect,
          },
          closed,
        ),
        { description: "The strongest first" },
      ),
    },
    closed,
  ),
);

export const CaseParams = Type.Object({ caseId: Id("Case") }, closed);
export const CasesQuery = Type.Object(
  {
    state: Type.Optional(OneOf([...caseStates, "not-closed"], "Only these")),
    group: Type.Optional(Id("Only of this group")),
    point: Type.Optional(Id("Only of this point")),
  },
  closed,
);
const caseRow = {
  caseId: Id("Case"),
  groupId: Id("Group where energy is lost"),
  group: Text("Its name"),
  pointId: WholeOrNull("Point that is looked into; null: the group as a whole"),
  pod: TextOrNull("Its code"),
  name: TextOrNull("Its name"),
  state: OneOf(caseStates, "open, in the field (it has an open field task), closed"),
  outcome: Type.Union([OneOf(caseOutcomes, "What was found"), Type.Null()]),
  assigneeId: WholeOrNull("Who looks into it"),
  assignee: TextOrNull("Their name"),
  recoveredWh: WholeOrNull("Energy that was charged afterwards, Wh"),
  openedAt: Instant("When it was opened"),
  openedBy: Text("By whom"),
  changedAt: Instant("When it was changed last"),
};
export const lossCaseRowSchema = named("LossCaseRow", Type.Object(caseRow, closed));
export const Cases = Type.Object(
  {
    rows: Type.Array(lossCaseRowSchema.reference, {
      description: "What was changed last first, closed ones last",
    }),
  },
  closed,
);
export const Assignees = Type.Object(
  { rows: Type.Array(Type.Object({ accountId: Id("Person"), name: Text("Name") }, closed)) },
  closed,
);
export const lossCaseSchema = named(
  "LossCase",
  Type.Object(
    {
      ...caseRow,
      suspected: Type.Union([suspectedSchema, Type.Null()], {
        description: "As the ranking said when it was opened",
      }),
      entries: Type.Array(
        Type.Object(
          {
            at: Instant("When"),
            by: Text("Who"),
            note: Text("What they noted"),
            changes: Type.Array(
              Type.Object(
                {
                  field: OneOf(["state", "outcome", "assignee", "recoveredWh"], "What was changed"),
                  before: TextOrNull("From"),
                  after: TextOrNull("To"),
                },
                closed,
              ),
            ),
          },
          closed,
        ),
        { description: "In their order" },
      ),
    },
    closed,
  ),
);

const note = Text("What the next one should know", { maxLength: 2_000 });
export const NewCase = Type.Object(
  {
    groupId: Id("Group where energy is lost"),
    pointId: Type.Optional(Id("Point that is looked into")),
    pod: Type.Optional(Text("Or its code", { minLength: 1, maxLength: 100 })),
    from: Type.Optional(
      Day("With `to`: the period in whose ranking it is suspected, which is kept with the case"),
    ),
    to: Type.Optional(Day("Day after its last one")),
    assigneeId: Type.Optional(Id("Who looks into it")),
    note,
  },
  closed,
);
export const CaseOpened = Type.Object({ caseId: Id("The new case") }, closed);
export const CaseEdit = Type.Object(
  {
    state: Type.Optional(OneOf(settableCaseStates, "State")),
    outcome: Type.Optional(OneOf(caseOutcomes, "What was found: needed to close it")),
    assigneeId: Type.Optional(WholeOrNull("Who looks into it; null: nobody")),
    recoveredWh: Type.Optional(
      Type.Union([
        Whole("Energy charged afterwards, Wh", { minimum: 0, maximum: 9_007_199_254_740_991 }),
        Type.Null(),
      ]),
    ),
    note,
  },
  closed,
);
