import { workCauses } from "@energsys/store";
import Type, { type Static } from "typebox";
import { severities } from "./alarms.ts";
import { closed, Day, Id, Instant, named, OneOf, Text, Whole, WholeOrNull } from "./basics.ts";

/** Reports that watch; each is a file of `watch/` and a line of `watch/kinds.ts`. */
export const watchReports = [
  "power-quality",
  "continuity",
  "events",
  "communication",
  "acquisition",
] as const;
export type WatchReportName = (typeof watchReports)[number];

export const columnKinds = [
  "text",
  "number",
  "percent",
  "instant",
  "duration",
  "day",
  "month",
  "point",
  "event",
  "error",
  "mark",
] as const;

const one = "(?:[pgmb][1-9]\\d{0,8}|s)";
export const WatchParams = Type.Object({ report: OneOf(watchReports, "Which report") }, closed);
export const WatchFileParams = Type.Object(
  { report: OneOf(watchReports, "Which report"), format: OneOf(["csv", "xlsx", "pdf"], "Kind of file") },
  closed,
);
export const WatchQuery = Type.Object(
  {
    of: Text("One subject, as in `of` of the series of analysis", { pattern: `^${one}$`, maxLength: 10 }),
    from: Day("First day"),
    to: Day("Day after the last one"),
    event: Type.Optional(Text("Only events of this name", { pattern: "^[a-z0-9-]+$", maxLength: 60 })),
    severity: Type.Optional(OneOf(severities, "Only alarms of this severity")),
    device: Type.Optional(Id("Only of this device")),
    language: Type.Optional(
      OneOf(["ro", "en"], "Language of titles and states; that of the account when absent"),
    ),
  },
  closed,
);
export type WatchQueryValues = Static<typeof WatchQuery>;

const column = Type.Object(
  {
    key: Text("Name of the column: decide on this, never on the label"),
    label: Text("Its head in the language that was asked for"),
    kind: OneOf(
      columnKinds,
      "What its cells are: a duration is in seconds, an instant is UTC, a month is its first day, a mark is a state",
    ),
    unit: Type.Optional(Text("Unit of its numbers")),
  },
  closed,
);
const row = Type.Object(
  {
    cells: Type.Array(Type.Unsafe<string | null>({ type: ["string", "null"] }), {
      description: "One per column; numbers are exact decimals",
    }),
    pointId: Type.Optional(Whole("Point that the row is of")),
    narrow: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: "Inputs by which the same report shows this row alone",
      }),
    ),
    state: Type.Optional(OneOf(["good", "bad", "unknown"], "Whether what the row says is as it should be")),
  },
  closed,
);
export const watchReportSchema = named(
  "WatchReport",
  Type.Object(
    {
      name: Text("Name of a file of it"),
      title: Text("Title in the language that was asked for"),
      zone: Text("Market zone"),
      facts: Type.Array(Type.Object({ label: Text("Of what"), value: Text("What") }, closed)),
      parts: Type.Array(
        Type.Object(
          {
            key: Text("Name of the table"),
            title: Text("Title in the language that was asked for"),
            columns: Type.Array(column),
            rows: Type.Array(row),
            more: Whole("Rows that are left out here; files have more of them"),
          },
          closed,
        ),
      ),
    },
    closed,
  ),
);
export type WatchReport = Static<typeof watchReportSchema.whole>;

const volts = (description: string) =>
  Type.Number({ minimum: 100, maximum: 400, description: `${description}, V` });
const share = (description: string) => Type.Number({ minimum: 50, maximum: 100, description });
const limits = {
  lowV: volts("Least voltage for most of a week"),
  highV: volts("Greatest voltage for most of a week"),
  wideLowV: volts("Least voltage at any time"),
  wideHighV: volts("Greatest voltage at any time"),
  sharePercent: share("How much of the week must be within the first two, %"),
  unflaggedPercent: share("How much of the week must be known for a verdict, %"),
  unbalancePercent: Type.Number({ minimum: 0.1, maximum: 20, description: "Greatest unbalance, %" }),
  validFrom: Day("First day for which they hold"),
  reason: Text("Why", { minLength: 3, maxLength: 500 }),
};
export const VoltageLimitsGiven = Type.Object(limits, closed);
export const VoltageLimitsList = Type.Object(
  {
    rows: Type.Array(
      Type.Object({ ...limits, enteredBy: Text("Who set them"), enteredAt: Instant("Set at") }, closed),
      { description: "The newest first. Before the first one those of EN 50160 hold" },
    ),
  },
  closed,
);

const work = {
  from: Instant("Begin"),
  to: Instant("End"),
  cause: OneOf(workCauses, "planned: announced; force-majeure: what nobody could help"),
  reason: Text("What was done, or what happened", { minLength: 3, maxLength: 500 }),
};
export const PlannedWorkGiven = Type.Object(
  {
    of: Text("Where: g4 a group and all below it, b3 a branch and all below it", {
      pattern: "^[gb][1-9]\\d{0,8}$",
    }),
    ...work,
  },
  closed,
);
export const PlannedWorkParams = Type.Object({ workId: Id("Works") }, closed);
export const PlannedWorkAdded = Type.Object({ workId: Id("Works") }, closed);
export const PlannedWorkQuery = Type.Object(
  { from: Day("First day"), to: Day("Day after the last one") },
  closed,
);
export const PlannedWorkList = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          workId: Id("Works"),
          branchId: WholeOrNull("Branch"),
          groupId: WholeOrNull("Group"),
          name: Text("Name of the branch or group"),
          ...work,
          enteredBy: Text("Who entered them"),
          enteredAt: Instant("Entered at"),
        },
        closed,
      ),
    ),
  },
  closed,
);
