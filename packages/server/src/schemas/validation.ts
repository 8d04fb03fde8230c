import { methodCodes, pointClasses, ruleCodes } from "@energsys/metering";
import { editKinds, editReasons, editStates, findingStates } from "@energsys/store";
import Type, { type Static } from "typebox";
import {
  BigId,
  BranchPath,
  closed,
  Day,
  Decimal,
  Id,
  Instant,
  InstantOrNull,
  named,
  OneOf,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
  Yes,
} from "./basics.ts";

export const severities = ["F", "W", "I"] as const;
const Severity = OneOf(severities, "F: intervals are refused; W: a person looks; I: noted");
const State = OneOf(findingStates, "Where it stands");
const Figure = Type.Union([
  Type.Object({ value: Text("Exact decimal"), unit: Text("Unit") }, closed),
  Type.Null(),
]);
const IntegerOrNull = Type.Unsafe<number | null>({ type: ["integer", "null"] });
const Slots = (description: string) => Type.Array(Type.Integer(), { description });
const Values = (description: string) => Type.Array(IntegerOrNull, { description });

export const findingRowSchema = named(
  "FindingRow",
  Type.Object(
    {
      findingId: BigId("Finding"),
      channelId: Id("Channel of the point"),
      day: Day("Day"),
      rule: Text("Rule, V01 to V21"),
      words: Text("Code of the explanation; pages translate it"),
      severity: Severity,
      state: State,
      since: Instant("Found at"),
      changedAt: Instant("Changed at"),
      changedBy: TextOrNull("Account; null for the system"),
      note: Text("What somebody noted"),
      assignedTo: TextOrNull("Account that looks after it"),
      count: Whole("Intervals that it names; 0 where it is about the day"),
      from: Instant("Start of the first of its intervals, or of the day"),
      to: Instant("End of the last of its intervals, or of the day"),
      measured: Figure,
      limit: Figure,
      figures: Type.Record(Type.String(), Type.String(), { description: "Parameters of the words" }),
      pointId: Id("Point of measure"),
      pod: Text("POD code"),
      name: Text("Name of the point"),
      obis: Text("Channel, as OBIS"),
      unit: Text("Unit of the channel"),
      scale: Whole("Power of ten of the channel's integers"),
      branch: BranchPath,
      method: TextOrNull("How its intervals are estimated, when all are by one method: E4+S"),
      estimate: WholeOrNull("Sum of what is laid over its intervals, in the channel's integers"),
      fieldTask: Type.Union([
        OneOf(
          ["waiting", "back"],
          "waiting: a field task for it is open; back: one was done since it was found",
        ),
        Type.Null(),
      ]),
    },
    closed,
  ),
);
export type FindingRow = Static<typeof findingRowSchema.whole>;

export const editSchema = named(
  "ValueEdit",
  Type.Object(
    {
      editId: BigId("Edit"),
      channelId: Id("Channel of the point"),
      pointId: Id("Point of measure"),
      pod: Text("POD code"),
      name: Text("Name of the point"),
      unit: Text("Unit of the channel"),
      scale: Whole("Power of ten of the channel's integers"),
      day: Day("Day"),
      dayStart: Instant("Start of the day"),
      periodSeconds: Whole("Length of an interval, s"),
      kind: OneOf(
        editKinds,
        "values: given by a person; estimate: by a chosen method; refusal: measured values that no longer count",
      ),
      method: TextOrNull("Of a chosen estimate"),
      values: Type.Array(
        Type.Object(
          {
            slot: Whole("Interval of the day, from 0"),
            value: Whole("Value, in the channel's integers"),
            before: WholeOrNull("What counts there now, as long as the edit does not"),
          },
          closed,
        ),
      ),
      energy: Whole("Sum of the differences without sign, in the channel's integers"),
      reason: OneOf(editReasons, "Why"),
      comment: Text("What the asker wrote"),
      state: OneOf(editStates, "Where it stands"),
      requestedBy: Text("Account"),
      requestedAt: Instant("Asked for at"),
      own: Yes("One's own: somebody else decides"),
      decidedBy: TextOrNull("Account"),
      decidedAt: InstantOrNull("Decided at"),
      decisionNote: Text("What the second person wrote"),
      undoneBy: TextOrNull("Account"),
      undoneAt: InstantOrNull("Taken back at"),
      undoComment: TextOrNull("Why it was taken back"),
    },
    closed,
  ),
);
export type ValueEditAnswer = Static<typeof editSchema.whole>;

export const findingSchema = named(
  "Finding",
  Type.Object(
    {
      finding: findingRowSchema.reference,
      dayStart: Instant("Start of the day"),
      periodSeconds: Whole("Length of an interval, s"),
      measured: Values("As the meter gave them, by interval, in the channel's integers"),
      counted: Values("As they count"),
      methods: Type.Array(Type.Unsafe<string | null>({ type: ["string", "null"] }), {
        description: "How what counts came about: E4+S, edited, verified; null: measured",
      }),
      flags: Type.Array(Type.Integer(), { description: "Bits of quality of what counts" }),
      slots: Slots("Intervals of the finding"),
      refused: Slots("Intervals whose measured value does not count"),
      estimates: Type.Array(
        Type.Object(
          {
            method: Text("E4, E4+S"),
            values: Values("By interval of the day; null where nothing is estimated"),
            total: Whole("Sum, in the channel's integers"),
            sources: Type.Array(Type.String(), { description: "Days that it is made from" }),
          },
          closed,
        ),
        { description: "What each method that applies would give, in the order in which they are tried" },
      ),
      similar: Type.Union([
        Type.Object(
          {
            days: Type.Array(Type.String(), { description: "Like days" }),
            values: Values("Their mean, by interval"),
          },
          closed,
        ),
        Type.Null(),
      ]),
      register: Type.Union([
        Type.Object(
          {
            from: Instant("Reading before"),
            to: Instant("Reading after"),
            step: Whole("Step of the register, in the channel's integers"),
            measured: WholeOrNull("What the other intervals in that time count; null where it is not known"),
          },
          closed,
        ),
        Type.Null(),
      ]),
      rule: Type.Object(
        {
          code: Text("Rule"),
          about: Text("What it looks at"),
          severity: Severity,
          pointClass: OneOf(pointClasses, "Class of the point"),
          thresholds: Type.Record(Type.String(), Type.Integer(), {
            description: "As they are set for that day and class; the unit is the end of the name",
          }),
        },
        closed,
      ),
      closed: Yes("The month is closed for the point: a change is listed as a correction"),
      edits: Type.Array(editSchema.reference, { description: "Edits of the day, the newest first" }),
      decisions: Type.Array(
        Type.Object(
          {
            decision: OneOf(["accept", "accept-estimate", "undo", "assign"], "What was decided"),
            decidedBy: Text("Account"),
            decidedAt: Instant("Decided at"),
            note: Text("Note"),
          },
          closed,
        ),
        { description: "The newest first" },
      ),
      groups: Type.Array(
        Type.Object(
          {
            groupId: Id("Group"),
            name: Text("Name"),
            start: Instant("Start of the day"),
            stepSeconds: Whole("Length of an interval, s"),
            unit: Text("Unit"),
            difference: Type.Array(Type.Unsafe<number | null>({ type: ["number", "null"] }), {
              description: "Balance meters less members, by interval; null where a part is missing",
            }),
          },
          closed,
        ),
        { description: "Balance of the groups that the point is a member of, on that day" },
      ),
    },
    closed,
  ),
);
export type FindingAnswer = Static<typeof findingSchema.whole>;

export const FindingQuery = Type.Object(
  {
    state: Type.Optional(
      OneOf(
        ["due", ...findingStates],
        "due (when absent): open or estimated, nobody has decided; of these no notes (I), unless rule or severity ask for them",
      ),
    ),
    rule: Type.Optional(OneOf(ruleCodes, "Only of this rule")),
    severity: Type.Optional(Severity),
    branchId: Type.Optional(Id("Only in this branch and below")),
    pointId: Type.Optional(Id("Only of this point")),
    owner: Type.Optional(
      Text("Name of the account that looks after it; `me`; `nobody`", { minLength: 1, maxLength: 100 }),
    ),
    field: Type.Optional(
      OneOf(["waiting", "not-waiting"], "Only those that wait for a field task, or that do not"),
    ),
    from: Type.Optional(Day("First day; 60 days back when absent")),
    to: Type.Optional(Day("Day after the last; tomorrow when absent")),
    olderThanDays: Type.Optional(Whole("Only days this long ago", { minimum: 0, maximum: 400 })),
    limit: Type.Optional(Whole("Rows to give; 200 when absent", { minimum: 1, maximum: 1_000 })),
  },
  closed,
);
const RuleCount = Type.Object({ rule: Text("Rule"), severity: Severity, count: Whole("Findings") }, closed);
export const FindingList = Type.Object(
  {
    total: Whole("Findings that match"),
    counts: Type.Array(RuleCount, {
      description: "Undecided findings of those days, by rule; of what else is asked for only `field` counts",
    }),
    waiting: Whole("Undecided findings of those days that wait for a field task"),
    rows: Type.Array(findingRowSchema.reference, {
      description: "What came back from the field first, then the worst, among these the newest",
    }),
  },
  closed,
);
export const FindingParams = Type.Object({ findingId: BigId("Finding") }, closed);
const note = (description: string) => Text(description, { maxLength: 500 });
export const AcceptanceBody = Type.Object(
  {
    stands: OneOf(
      ["measured", "estimate"],
      "What counts: the measured value, or the estimate that stands there",
    ),
    note: Type.Optional(note("Why")),
  },
  closed,
);
export const Assignee = Type.Object({ name: TextOrNull("Account; null: nobody in particular") }, closed);
const Reason = OneOf(editReasons, "Why");
const comment = Text("In one's own words", { minLength: 1, maxLength: 500 });
export const EstimateChoice = Type.Object(
  { method: OneOf(methodCodes, "Method"), reason: Reason, comment },
  closed,
);
export const EditBody = Type.Object(
  {
    channelId: Id("Channel of the point"),
    day: Day("Day"),
    kind: OneOf(["values", "refusal"], "values: these count; refusal: what was measured there does not"),
    values: Type.Array(
      Type.Object(
        {
          slot: Whole("Interval of the day, from 0", { minimum: 0, maximum: 1_499 }),
          value: Whole("New value, in the channel's integers; of a refusal it does not matter"),
        },
        closed,
      ),
      { minItems: 1, maxItems: 1_500 },
    ),
    reason: Reason,
    comment,
  },
  closed,
);
export const Edited = Type.Object(
  { editId: BigId("Edit"), state: OneOf(editStates, "applied, or waiting for a second person") },
  closed,
);
export const EditQuery = Type.Object(
  {
    state: Type.Optional(OneOf(editStates, "Only these")),
    limit: Type.Optional(Whole("Rows to give; 100 when absent", { minimum: 1, maximum: 500 })),
  },
  closed,
);
export const EditList = Type.Object(
  { rows: Type.Array(editSchema.reference, { description: "The newest first" }) },
  closed,
);
export const EditParams = Type.Object({ editId: BigId("Edit") }, closed);
export const EditDecision = Type.Object(
  { approve: Yes("Whether it counts from now on"), note: Type.Optional(note("Why")) },
  closed,
);
export const EditUndo = Type.Object({ comment }, closed);

/** Every method by itself, and scaled to the register. */
const methodWords = methodCodes.flatMap((code) => [code, `${code}+S`] as const);
export const LikeBody = Type.Object(
  {
    rule: OneOf(ruleCodes, "Rule"),
    method: OneOf(methodWords, "How all their intervals are estimated: E4+S"),
    branchId: Type.Optional(Id("Only in this branch and below")),
    from: Type.Optional(Day("First day; 60 days back when absent")),
    to: Type.Optional(Day("Day after the last; tomorrow when absent")),
  },
  closed,
);
export const BulkPreviewAnswer = Type.Object(
  {
    findingIds: Type.Array(Type.Integer(), { description: "Exactly these would be accepted" }),
    points: Whole("Points"),
    intervals: Whole("Intervals"),
    energy: Type.Array(Type.Object({ unit: Text("Unit"), value: Decimal("Sum of the estimates") }, closed)),
    sample: Type.Array(findingRowSchema.reference, { description: "Ten at most, spread over the list" }),
  },
  closed,
);
export const BulkBody = Type.Object(
  {
    rule: OneOf(ruleCodes, "Rule"),
    method: OneOf(methodWords, "Method that was previewed"),
    findingIds: Type.Array(Type.Integer({ minimum: 1 }), {
      minItems: 1,
      maxItems: 10_000,
      description: "As previewed, or those that failed before",
    }),
  },
  closed,
);
export const JobStarted = Type.Object({ jobId: BigId("Job, in the tray") }, closed);

export const QualityQuery = Type.Object(
  {
    month: Type.Optional(
      Type.String({
        pattern: "^\\d{4}-(0[1-9]|1[0-2])$",
        description: "Month; the one that closes next when absent",
      }),
    ),
  },
  closed,
);
export const Quality = Type.Object(
  {
    month: Text("Month, YYYY-MM"),
    closesAt: Instant("When the billing month closes"),
    points: Whole("Points with a meter in that month"),
    billable: Whole("Of these, whole in every interval, with nothing refused open and no edit waiting"),
    waitingEdits: Whole("Edits that wait for a second person"),
    byRule: Type.Array(RuleCount, { description: "Open findings of the month" }),
    byBranch: Type.Array(
      Type.Object(
        {
          branchId: Id("Branch"),
          branch: BranchPath,
          points: Whole("Points"),
          billable: Whole("Billable"),
          open: Whole("Open findings"),
        },
        closed,
      ),
    ),
    byAge: Type.Array(
      Type.Object(
        {
          from: Whole("Days since they were found"),
          to: WholeOrNull("Not included; null: or longer"),
          count: Whole("Open findings"),
        },
        closed,
      ),
    ),
  },
  closed,
);

const Setting = {
  rule: OneOf(ruleCodes, "Rule"),
  class: OneOf(pointClasses, "Class of points"),
  enabled: Type.Optional(Yes("Whether it runs; as it comes when absent")),
  severity: Type.Optional(Severity),
  thresholds: Type.Optional(
    Type.Record(Type.String(), Type.Integer(), { description: "Only what differs from the defaults" }),
  ),
};
export const RuleSettingBody = Type.Object(
  { ...Setting, from: Day("First day of measured data for which it holds"), reason: comment },
  closed,
);
export const RuleList = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          rule: OneOf(ruleCodes, "Rule"),
          about: Text("What it looks at"),
          severity: Severity,
          thresholds: Type.Record(
            Type.String(),
            Type.Object({ min: Type.Integer(), max: Type.Integer(), default: Type.Integer() }, closed),
          ),
          classes: Type.Array(
            Type.Object(
              {
                class: OneOf(pointClasses, "Class of points"),
                enabled: Yes("Runs"),
                severity: TextOrNull("Set for all that it finds"),
                thresholds: Type.Record(Type.String(), Type.Integer()),
                from: TextOrNull("Since which day it is set so; null: as it comes"),
                setBy: TextOrNull("Account"),
                reason: TextOrNull("Why"),
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
);
export const DryRunBody = Type.Object(
  {
    settings: Type.Array(Type.Object(Setting, closed), { minItems: 1, maxItems: 50 }),
    from: Day("First day"),
    to: Day("Day after the last"),
    pointsMax: Whole("Points at most", { minimum: 1, maximum: 100_000 }),
  },
  closed,
);
export const Policy = Type.Object(
  {
    alonePerEditWh: Whole("An edit that moves more energy waits for a second person, Wh", {
      minimum: 0,
      maximum: 1_000_000_000,
    }),
    closingDay: Whole("Day of the next month at whose end the billing month closes", {
      minimum: 1,
      maximum: 28,
    }),
  },
  closed,
);
