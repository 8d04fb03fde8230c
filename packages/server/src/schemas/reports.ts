import { fileFormats, relativePeriods, reportCharts, reportEach, reportRowKinds } from "@energsys/store";
import Type, { type Static } from "typebox";
import { energyNames } from "./analysis.ts";
import {
  BigId,
  closed,
  Day,
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

const subjectPattern = "(?:[pgmb][1-9]\\d{0,8}|s)";
const Name = Text("Name", { minLength: 1, maxLength: 120, pattern: "\\S" });
const Format = OneOf(fileFormats, "Kind of file");

const Definition = Type.Object(
  {
    rows: OneOf(
      reportRowKinds,
      "A row for each interval, day or month, one for the period, or one for each subject",
    ),
    subjects: Type.Optional(
      Type.Array(
        Text("Subject, as in `of` of the analysis", { pattern: `^${subjectPattern}$`, maxLength: 10 }),
        {
          maxItems: 500,
          description: "Of the rows, when there is one for each subject",
        },
      ),
    ),
    each: Type.Optional(OneOf(reportEach, "The subjects themselves, the groups in them, or their points")),
    inputs: Type.Array(
      Type.Object(
        {
          name: Text("What formulas call it, in brackets", {
            minLength: 1,
            maxLength: 80,
            pattern: "^[^\\]\\[\\r\\n]*\\S[^\\]\\[\\r\\n]*$",
          }),
          of: Text(
            "Subject; `row` is that of each row, `row-balance` the balance meters of the group of each row",
            { pattern: `^(?:${subjectPattern}|row|row-balance)$`, maxLength: 11 },
          ),
          energy: OneOf(energyNames, "Energy"),
        },
        closed,
      ),
      { minItems: 1, maxItems: 50 },
    ),
    columns: Type.Array(
      Type.Object(
        {
          title: Text("Title", { minLength: 1, maxLength: 120, pattern: "\\S" }),
          // Longer ones are refused by the engine, which says so in a sentence.
          formula: Text("Formula of docs/formula.md", { maxLength: 10_000 }),
          decimals: Type.Optional(Whole("Decimals shown", { minimum: 0, maximum: 6 })),
        },
        closed,
      ),
      { minItems: 1, maxItems: 30 },
    ),
    tariffId: Type.Optional(
      Id("Tariff by whose rates `band` goes, each day by the version that holds on it"),
    ),
    period: Type.Union([
      Type.Object({ kind: OneOf(relativePeriods, "Days that move with the day of the run") }, closed),
      Type.Object(
        { kind: Type.Literal("fixed"), fromDay: Day("First day"), toDay: Day("Day after the last one") },
        closed,
      ),
    ]),
    chart: OneOf(reportCharts, "Drawn above the table"),
  },
  closed,
);
export const reportDefinitionSchema = named("ReportDefinition", Definition);

export const ReportParams = Type.Object({ reportId: Id("Report") }, closed);
export const ReportFileParams = Type.Object({ reportId: Id("Report"), format: Format }, closed);
export const ScheduleParams = Type.Object({ reportId: Id("Report"), scheduleId: Id("Schedule") }, closed);
export const RunParams = Type.Object({ reportId: Id("Report"), runId: BigId("Run") }, closed);
export const DeliveryParams = Type.Object({ deliveryId: BigId("Delivery") }, closed);
export const SavedViewParams = Type.Object({ savedViewId: Id("Saved view") }, closed);

const about = Text("What it is for", { maxLength: 500 });
export const ReportGiven = Type.Object({ name: Name, about, definition: Definition }, closed);
export const ReportChange = Type.Object(
  {
    name: Name,
    about,
    definition: Definition,
    version: Whole("The state that it was made on", { minimum: 1 }),
  },
  closed,
);
export const ReportSaved = Type.Object({ reportId: Id("Report"), version: Whole("Its state") }, closed);

const row = {
  reportId: Id("Report"),
  name: Text("Name"),
  about: Text("What it is for"),
  owner: Text("Sign-in name of whose it is"),
  mine: Yes("It is the caller's"),
  mayChange: Yes("The caller may change it"),
  shares: Whole("People and roles that it is shared with"),
  schedules: Whole("Schedules in force"),
  version: Whole("Its state"),
  changedBy: Text("Who saved it last"),
  changedAt: Instant("When"),
  lastRun: Type.Unsafe<"queued" | "running" | "done" | "failed" | null>({
    type: ["string", "null"],
    enum: ["queued", "running", "done", "failed", null],
    description: "What became of the last run",
  }),
  lastRunAt: InstantOrNull("When"),
};
export const reportRowSchema = named("ReportRow", Type.Object(row, closed));

export const savedViewSchema = named(
  "SavedView",
  Type.Object(
    {
      savedViewId: Id("Saved view"),
      name: Text("Name"),
      page: Text("Address of the page"),
      search: Type.Unsafe<Record<string, unknown>>({
        type: "object",
        additionalProperties: true,
        description: "What its address says behind the question mark",
      }),
      owner: Text("Sign-in name of whose it is"),
      mine: Yes("It is the caller's"),
      shared: Yes("Everybody who may see analyses sees it"),
    },
    closed,
  ),
);

export const ReportList = Type.Object(
  {
    reports: Type.Array(reportRowSchema.reference),
    removed: Type.Array(reportRowSchema.reference, {
      description: "What the caller took away, to bring back",
    }),
    templates: Type.Array(
      Type.Object(
        {
          key: Text("Key"),
          name: Text("Name, in the caller's language"),
          about: Text("What it is for"),
          asks: OneOf(["any", "group"], "Whom it can be of: anybody, or a group with balance meters"),
        },
        closed,
      ),
    ),
    views: Type.Array(savedViewSchema.reference),
  },
  closed,
);

export const TemplateQuery = Type.Object(
  {
    key: Text("Template", { maxLength: 40 }),
    of: Text("Subject that it is made for", { pattern: `^${subjectPattern}$`, maxLength: 10 }),
  },
  closed,
);

const shareKind = OneOf(["person", "role"], "A person or all who hold a role");
const shareIn = { kind: shareKind, id: Id("Account or role"), mayChange: Yes("May change it too") };
export const ReportShares = Type.Object(
  { shares: Type.Array(Type.Object(shareIn, closed), { maxItems: 200 }) },
  closed,
);
export const ShareTargets = Type.Object(
  {
    rows: Type.Array(Type.Object({ kind: shareKind, id: Id("Account or role"), name: Text("Name") }, closed)),
  },
  closed,
);

const recurrence = {
  every: OneOf(["day", "week", "month"], "How often"),
  weekday: Type.Unsafe<number | null>({
    type: ["integer", "null"],
    minimum: 1,
    maximum: 7,
    description: "Of a weekly one: 1 is Monday",
  }),
  monthDay: Type.Unsafe<number | null>({
    type: ["integer", "null"],
    minimum: 1,
    maximum: 31,
    description: "Of a monthly one; a month without it: its last day",
  }),
  minute: Whole("Minute of the day on the market's clock", { minimum: 0, maximum: 1439 }),
  format: Format,
  recipients: Type.Array(
    Text("Address", { minLength: 3, maxLength: 200, pattern: '^[^\\s@<>,;"]+@[^\\s@<>,;"]+$' }),
    { maxItems: 20, uniqueItems: true, description: "Who gets it by mail" },
  ),
  folder: Yes("It goes below the folder of the settings"),
  enabled: Yes("It runs"),
};
export const ScheduleGiven = Type.Object(recurrence, closed);
const schedule = Type.Object(
  {
    scheduleId: Id("Schedule"),
    version: Whole("The state that it runs: what its owner saved, or saw when they saved the schedule"),
    owner: Text("With whose rights it reads"),
    mine: Yes("It is the caller's"),
    ...recurrence,
    nextDueAt: Instant("When it runs next"),
    changedBy: Text("Who changed it last"),
  },
  closed,
);
export const ScheduleMade = Type.Object({ scheduleId: Id("Schedule") }, closed);
export const RunQueued = Type.Object({ runId: BigId("Run") }, closed);

export const reportSchema = named(
  "Report",
  Type.Object(
    {
      ...row,
      definition: reportDefinitionSchema.reference,
      shares: Type.Array(Type.Object({ ...shareIn, name: Text("Name") }, closed)),
      schedules: Type.Array(schedule),
      versions: Type.Array(
        Type.Object(
          {
            version: Whole("State"),
            name: Text("Name"),
            definition: reportDefinitionSchema.reference,
            savedBy: Text("Who"),
            savedAt: Instant("When"),
          },
          closed,
        ),
      ),
    },
    closed,
  ),
);

export const DefinitionGiven = Type.Object({ definition: Definition }, closed);
export const ColumnChecks = Type.Object(
  {
    columns: Type.Array(
      Type.Object(
        {
          code: TextOrNull("Why it is refused, as in docs/errors.md; null when it is not"),
          sentence: TextOrNull("The same in a sentence of the caller's language"),
          column: WholeOrNull("Where in the formula, from 1"),
          unit: TextOrNull("Unit of the result; empty for a plain number"),
          of: OneOf(["number", "logical", "instant"], "What the result is"),
          byInterval: Yes("It is a series: a value for each interval"),
        },
        closed,
      ),
    ),
  },
  closed,
);

const coverage = Type.Object(
  {
    expected: Whole("Values that should be there, of everything that went in"),
    present: Whole("Of these, there"),
    good: Whole("Of these, present and good"),
    estimated: Whole("Of these, estimated"),
  },
  closed,
);
const Cell = Type.Unsafe<string | null>({
  type: ["string", "null"],
  description: "Exact decimal in the column's unit, an instant, true or false; null where nothing is there",
});
export const reportResultSchema = named(
  "ReportResult",
  Type.Object(
    {
      zone: Text("Market zone"),
      from: Text("First day"),
      to: Text("Day after the last one"),
      columns: Type.Array(
        Type.Object(
          {
            title: Text("Title"),
            unit: Text("Unit; empty for a plain number"),
            of: OneOf(["number", "logical", "instant"], "What it is"),
            decimals: Whole("Decimals"),
            byInterval: Yes(
              "It has a value in each row of a report by interval; others are in the total alone",
            ),
          },
          closed,
        ),
      ),
      step: Type.Unsafe<number | string | null>({
        type: ["integer", "string", "null"],
        description: "Of the rows of a report by interval: seconds, day or month",
      }),
      rows: Type.Array(
        Type.Object(
          {
            key: Text("Start of the interval (UTC), day, month, or subject; empty for the whole period"),
            name: Text("Name of a subject, else empty"),
            detail: Text("Second line of it"),
            cells: Type.Array(Cell),
            flags: Type.Array(Type.Integer(), { description: "Quality bits of each cell" }),
            coverage,
          },
          closed,
        ),
      ),
      total: Type.Unsafe<(string | null)[] | null>({
        type: ["array", "null"],
        items: { type: ["string", "null"] },
        description: "The formulas over the whole period",
      }),
      coverage,
      divisionsByZero: Whole("Divisions by zero: each gave a missing value"),
      more: Whole("Rows that were left off: the file has them all"),
      durationMs: Whole("How long it took, ms"),
    },
    closed,
  ),
);

export const ReportRuns = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          runId: BigId("Run"),
          version: Whole("State of the report"),
          scheduleId: WholeOrNull("Schedule"),
          dueAt: InstantOrNull("Instant of the schedule"),
          requestedBy: Text("Who asked"),
          format: Format,
          state: OneOf(["queued", "running", "done", "failed"], "State"),
          requestedAt: Instant("When it was asked for"),
          durationMs: WholeOrNull("How long it took, ms"),
          from: TextOrNull("First day"),
          to: TextOrNull("Day after the last one"),
          rows: WholeOrNull("Rows"),
          expected: WholeOrNull("Values that should be there"),
          present: WholeOrNull("Of these, there"),
          estimated: WholeOrNull("Of these, estimated"),
          code: TextOrNull("Why it failed"),
          sentence: TextOrNull("The same in a sentence of the caller's language"),
          fileName: TextOrNull("Its file"),
          fileBytes: WholeOrNull("Size of the file"),
          fileThere: Yes("The caller can fetch the file"),
          deliveries: Type.Array(
            Type.Object(
              {
                deliveryId: BigId("Delivery"),
                kind: OneOf(["mail", "folder"], "By mail, or into the folder"),
                target: Text("Address or file"),
                state: OneOf(["waiting", "done", "failed"], "State"),
                tries: Whole("Tries so far"),
                nextTryAt: Instant("When it is tried again"),
                doneAt: InstantOrNull("When it was done"),
                code: TextOrNull("Why the last try failed"),
                sentence: TextOrNull("The same in a sentence of the caller's language"),
                detail: TextOrNull("What the other side said"),
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

export const FormulaLanguage = Type.Object(
  {
    functions: Type.Array(
      Type.Object(
        {
          name: Text("Name"),
          group: OneOf(["interval", "period", "time", "energy"], "What it works on"),
          signature: Text("How it is written"),
          help: Text("What it gives, in the caller's language"),
          example: Text("An example"),
        },
        closed,
      ),
    ),
    tariffs: Type.Array(
      Type.Object(
        {
          tariffId: Id("Tariff"),
          code: Text("Its code"),
          name: Text("Its name"),
          rates: Type.Array(Text("Rate, as `band` takes it")),
        },
        closed,
      ),
      { description: "By whose rates a report may go" },
    ),
  },
  closed,
);

export const SavedViewsQuery = Type.Object(
  { page: Type.Optional(Text("Address of the page", { maxLength: 60 })) },
  closed,
);
export const SavedViewList = Type.Object({ rows: Type.Array(savedViewSchema.reference) }, closed);
export const SavedViewGiven = Type.Object(
  {
    name: Name,
    page: OneOf(["/an/load-curve", "/an/consumption", "/an/statistics", "/an/peaks"], "Address of the page"),
    search: savedViewSchema.whole.properties.search,
    shared: Yes("For everybody"),
  },
  closed,
);
export const SavedViewMade = Type.Object({ savedViewId: Id("Saved view") }, closed);

const settings = {
  host: Text("Name or address of the mail server; empty: no mail is sent", {
    maxLength: 200,
    pattern: "^[A-Za-z0-9.:_-]*$",
  }),
  port: Whole("Port", { minimum: 1, maximum: 65535 }),
  security: OneOf(["tls", "starttls", "none"], "TLS from the first byte, after a greeting, or none"),
  userName: Text("Name to sign in with; empty: none", { maxLength: 200 }),
  sender: Text("Address that mail comes from", {
    maxLength: 200,
    pattern: '^$|^[^\\s@<>,;"]+@[^\\s@<>,;"]+$',
  }),
  folder: Text("Folder below the one that the process is configured with", {
    maxLength: 200,
    pattern: "^(?:[\\w-][\\w .-]*(?:/[\\w-][\\w .-]*)*)?$",
  }),
  fileDays: Whole("Days for which the files of runs are kept", { minimum: 1, maximum: 400 }),
};
export const DeliverySettings = Type.Object(
  {
    ...settings,
    passwordThere: Yes("A password is stored"),
    changedAt: InstantOrNull("When it was changed"),
    waiting: Whole("Deliveries that wait"),
    failed: Whole("Deliveries that were given up within the last 30 days"),
  },
  closed,
);
export const DeliverySettingsGiven = Type.Object(
  {
    ...settings,
    password: Type.Optional(
      Text("Password; the stored one stays when absent, empty takes it away", { maxLength: 500 }),
    ),
    changedAt: Type.Optional(
      InstantOrNull("State that it was made on: refused when somebody has changed them since"),
    ),
  },
  closed,
);
export const MailTrial = Type.Object(
  {
    to: Text("Address that gets a test message", {
      maxLength: 200,
      pattern: '^[^\\s@<>,;"]+@[^\\s@<>,;"]+$',
    }),
  },
  closed,
);
export const MailTried = Type.Object(
  {
    sent: Yes("The server has taken the message"),
    code: TextOrNull("Why not"),
    sentence: TextOrNull("The same in a sentence of the caller's language"),
    detail: TextOrNull("What the server said"),
  },
  closed,
);
export type ReportResultAnswer = Static<typeof reportResultSchema.whole>;
