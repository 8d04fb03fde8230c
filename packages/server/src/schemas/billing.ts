import Type from "typebox";
import {
  BigId,
  BranchPath,
  closed,
  Decimal,
  Id,
  Instant,
  InstantOrNull,
  OneOf,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
  Yes,
} from "./basics.ts";

const MonthText = Text("First day of the month (market-local date)", {
  pattern: "^\\d{4}-(0[1-9]|1[0-2])-01$",
  minLength: 10,
  maxLength: 10,
});
const BranchOrNull = Type.Unsafe<number | null>({
  type: ["integer", "null"],
  minimum: 1,
  maximum: 2_147_483_647,
  description: "With all below it; null: the whole network",
});
const EnergyOrNull = TextOrNull("Energy in `unit`, exact decimal; null: nothing is known");

export const OutlookQuery = Type.Object(
  { month: MonthText, branch: Type.Optional(Id("With all below it; the whole scope when absent")) },
  closed,
);
export const Outlook = Type.Object(
  {
    month: MonthText,
    over: Yes("The month is over and can be closed"),
    wholeNetwork: Yes("Who asks may close the whole network at once"),
    points: Whole("Points with a meter in the month"),
    closed: Whole("Of these, closed already"),
    ready: Whole("Of the others, whole by their intervals with nothing open against them"),
    neverRead: Whole("Of these, never read"),
    gaps: Whole("Of these, with intervals missing"),
    openFindings: Whole("Of these, with an open finding that refuses intervals"),
    editsWaiting: Whole("Of these, with an edit that waits for a second person"),
    estimated: Whole("Of these, with estimates, which would stand from then on"),
    byRule: Type.Array(
      Type.Object(
        {
          rule: Text("Rule of validation"),
          findings: Whole("Open findings"),
          points: Whole("Points that they are about"),
        },
        closed,
      ),
    ),
    branches: Type.Array(Type.Object({ branchId: Id("Branch"), path: BranchPath }, closed), {
      description: "Branches that may be chosen",
    }),
  },
  closed,
);

export const ClosingsQuery = Type.Object(
  {
    month: Type.Optional(MonthText),
    limit: Type.Optional(Whole("Rows to give; 100 when absent", { minimum: 1, maximum: 500 })),
  },
  closed,
);
export const Closings = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          closeId: Id("Closing"),
          month: MonthText,
          branchId: BranchOrNull,
          branch: Type.Union([BranchPath, Type.Null()]),
          reason: Text("Why it was asked for"),
          state: OneOf(
            ["waiting", "closing", "closed", "refused"],
            "waiting: for a second person; closing: a job freezes the values",
          ),
          own: Yes("Who looks asked for it"),
          requestedBy: Text("Who asked"),
          requestedAt: Instant("Asked at"),
          decidedBy: TextOrNull("Who decided"),
          decidedAt: InstantOrNull("Decided at"),
          note: Text("What they noted"),
          closedAt: InstantOrNull("All values are frozen since"),
          points: WholeOrNull("Points with a meter in the month"),
          billable: WholeOrNull("Values that it froze"),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const ClosingBody = Type.Object(
  {
    month: MonthText,
    branchId: BranchOrNull,
    reason: Text("Why; it stands in the activity log", { minLength: 3, maxLength: 500 }),
  },
  closed,
);
export const ClosingAsked = Type.Object({ closeId: Id("Closing") }, closed);
export const CloseParams = Type.Object({ closeId: Id("Closing") }, closed);
export const CloseDecision = Type.Object(
  {
    approve: Yes("The month is frozen; otherwise the closing is refused"),
    note: Type.Optional(Text("What the other one should know", { maxLength: 500 })),
  },
  closed,
);
export const CloseDecided = Type.Object(
  { jobId: Type.Union([BigId("Job that freezes the values"), Type.Null()]) },
  closed,
);

export const ValuesQuery = Type.Object(
  {
    after: Type.Optional(Id("Only points after this one")),
    limit: Type.Optional(Whole("Rows to give; 200 when absent", { minimum: 1, maximum: 1_000 })),
  },
  closed,
);
export const BilledValues = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          pointId: Id("Point"),
          pod: TextOrNull("Its code"),
          name: TextOrNull("Its name"),
          obis: Text("OBIS code in full"),
          unit: Text("Unit"),
          basis: OneOf(["register", "intervals", "none"], "What the energy was taken from"),
          reason: TextOrNull(
            "Why not the register, or why not billable: no-meter, never-read, no-register, register-decreased, meter-test, gap, open-finding, edit-waiting",
          ),
          billable: Yes("It is frozen"),
          energy: EnergyOrNull,
          intervals: TextOrNull("Sum of the intervals in `unit`, exact decimal"),
          registerFrom: TextOrNull("Register at the start of the month"),
          registerTo: TextOrNull("Register at its end"),
          expected: Whole("Intervals of the month"),
          present: Whole("Of these, with a value"),
          good: Whole("Of these, measured and good"),
          estimated: Whole("Of these, estimated"),
        },
        closed,
      ),
    ),
  },
  closed,
);

const CorrectionBranch = Type.Optional(Id("With all below it; the whole scope when absent"));
export const CorrectionsQuery = Type.Object(
  {
    month: MonthText,
    branch: CorrectionBranch,
    limit: Type.Optional(Whole("Rows to give; 200 when absent", { minimum: 1, maximum: 1_000 })),
  },
  closed,
);
export const CorrectionsFileQuery = Type.Object({ month: MonthText, branch: CorrectionBranch }, closed);
export const Corrections = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          correctionId: BigId("Correction"),
          pointId: Id("Point"),
          pod: TextOrNull("Its code"),
          name: TextOrNull("Its name"),
          obis: Text("OBIS code in full"),
          kind: OneOf(
            ["changed", "held"],
            "changed: the month is another one now; held: late values wait behind billed estimates",
          ),
          state: OneOf(["noted", "waiting", "taken", "left"], "waiting: somebody has to decide"),
          unit: Text("Unit"),
          oldEnergy: Decimal("Energy before, in `unit`"),
          newEnergy: Decimal("Energy now, or with the late values"),
          difference: Decimal("New less old"),
          cause: OneOf(["edit", "undo", "ratio", "exchange", "meter-test", "late-values"], "What made it so"),
          causedBy: TextOrNull("Who; null: the system"),
          causeReason: TextOrNull("Why"),
          foundAt: Instant("Found at"),
          decidedBy: TextOrNull("Who decided about late values"),
          decidedAt: InstantOrNull("Decided at"),
          decisionNote: Text("What they noted"),
        },
        closed,
      ),
    ),
  },
  closed,
);
export const CorrectionRunBody = Type.Object({ month: MonthText, branchId: BranchOrNull }, closed);
export const CorrectionRun = Type.Object(
  {
    lookedAt: Whole("Values whose days or readings had changed"),
    found: Whole("Corrections that were listed"),
  },
  closed,
);
export const CorrectionParams = Type.Object({ correctionId: BigId("Correction") }, closed);
export const CorrectionDecision = Type.Object(
  {
    take: Yes("The late values count from now on; otherwise the billed estimates stand"),
    note: Text("Why; it stands in the activity log", { minLength: 3, maxLength: 500 }),
  },
  closed,
);
