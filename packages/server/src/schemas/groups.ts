import { groupCheckKinds, groupKinds, pointCategories, voltageLevels } from "@energsys/store";
import Type from "typebox";
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
} from "./basics.ts";

export const GroupKind = OneOf(
  groupKinds,
  "network, substation, feeder, transformer, cabinet, riser: the tree by the network's architecture; free: by a rule, or point by point",
);
const Sign = Type.Unsafe<1 | -1>({
  type: "integer",
  enum: [1, -1],
  description: "1: counts; −1: counts as given back",
});
const side = OneOf(["members", "balance"], "Members of the group, or its balance meters");
const At = Type.Optional(Instant("As it was, or will be, at this instant; now when absent"));
const Reason = Text("Why", { minLength: 1, maxLength: 500, pattern: "\\S" });
const GroupName = Text("Name", { minLength: 1, maxLength: 200, pattern: "\\S" });

export const GroupParams = Type.Object({ groupId: Id("Group") }, closed);
export const GroupChangeParams = Type.Object(
  { groupId: Id("Group"), changeId: BigId("Change of the group") },
  closed,
);

const groupRule = Type.Object(
  {
    branchIds: Type.Optional(
      Type.Array(Id("Branch"), { maxItems: 100, description: "These branches and those below them" }),
    ),
    categories: Type.Optional(
      Type.Array(OneOf(pointCategories, "Category of the point"), { maxItems: pointCategories.length }),
    ),
    phases: Type.Optional(Type.Unsafe<1 | 3>({ type: "integer", enum: [1, 3], description: "Phases" })),
    voltages: Type.Optional(
      Type.Array(OneOf(voltageLevels, "Voltage level"), { maxItems: voltageLevels.length }),
    ),
    models: Type.Optional(
      Type.Array(Text("Model", { maxLength: 100 }), {
        maxItems: 50,
        description: "Models of the meter that stands there now",
      }),
    ),
    words: Type.Optional(
      Text("Words that all occur in code, name, address, branch, serial number or identity", {
        maxLength: 200,
      }),
    ),
  },
  { ...closed, description: "Which points a free group proposes: all that is given must hold" },
);
const RuleOrNull = Type.Union([groupRule, Type.Null()], {
  description: "Rule of a free group; null: its points are chosen one by one",
});

const row = {
  groupId: Id("Group"),
  kind: GroupKind,
  name: Text("Name"),
  branchId: WholeOrNull("Branch in which its points lie; null: the whole network"),
  branch: BranchPath,
  parentId: WholeOrNull("Group above it, which it enters through its balance meters"),
  members: Whole("Members at that instant"),
  balanceMeters: Whole("Balance meters at that instant"),
  children: Whole("Groups directly below it"),
};
export const groupRowSchema = named("GroupRow", Type.Object(row, closed));

const checkCounts = Type.Object(
  Object.fromEntries(groupCheckKinds.map((kind) => [kind, Whole(kind)])) as Record<
    (typeof groupCheckKinds)[number],
    ReturnType<typeof Whole>
  >,
  { ...closed, description: "How many findings of each kind" },
);

export const GroupListQuery = Type.Object(
  {
    q: Type.Optional(Text("Words of name or branch; diacritics do not matter", { maxLength: 200 })),
    kind: Type.Optional(GroupKind),
    branch: Type.Optional(Id("Only groups of this branch and of those below it")),
    at: At,
  },
  closed,
);
export const GroupList = Type.Object(
  {
    rows: Type.Array(groupRowSchema.reference, { description: "By name" }),
    checks: checkCounts,
    sums: Type.Object(
      {
        waiting: Whole("Days of groups that have to be summed again, and writes that nobody has looked at"),
        since: InstantOrNull("Since when the oldest of them waits"),
      },
      { ...closed, description: "How far the sums of the whole network are behind" },
    ),
  },
  closed,
);

export const NewGroup = Type.Object(
  {
    kind: GroupKind,
    name: GroupName,
    branchId: Type.Union([Id("Branch"), Type.Null()], {
      description: "Branch in which its points lie; null: the whole network, for who may change all of it",
    }),
    parentId: Type.Optional(Id("Group above it")),
    from: Type.Optional(Instant("Since when it lies below that group, on a quarter-hour")),
    rule: Type.Optional(RuleOrNull),
  },
  closed,
);
export const GroupMade = Type.Object({ groupId: Id("The new group") }, closed);
export const GroupEdit = Type.Object(
  { name: Type.Optional(GroupName), rule: Type.Optional(RuleOrNull) },
  { ...closed, minProperties: 1 },
);

const finding = Type.Object(
  {
    kind: OneOf(groupCheckKinds, "What does not fit together"),
    groupId: WholeOrNull("Group"),
    group: TextOrNull("Its name"),
    pointId: WholeOrNull("Point"),
    pod: TextOrNull("Its code"),
    otherGroupId: WholeOrNull("The second group, or the one above"),
    otherGroup: TextOrNull("Its name"),
  },
  closed,
);
export const GroupChecksQuery = Type.Object({ at: At }, closed);
export const GroupChecks = Type.Object(
  {
    counts: checkCounts,
    findings: Type.Array(finding, { description: "The first 200 of each kind" }),
  },
  closed,
);

const groupPoint = {
  pointId: Id("Point"),
  pod: Text("Code of the point"),
  name: Text("Name of the point"),
  address: Text("Address of the location"),
  serial: TextOrNull("Serial number of the meter now installed"),
  sign: Sign,
  from: Instant("Since"),
  to: InstantOrNull("Until; null while nobody has said"),
};
export const GroupQuery = Type.Object({ at: At }, closed);
export const groupSchema = named(
  "Group",
  Type.Object(
    {
      ...row,
      rule: RuleOrNull,
      plan: Type.Union(
        [
          Type.Object(
            {
              planId: Type.Unsafe<number | null>({
                type: ["integer", "null"],
                description: "Plan by which members are read; null: only on request",
              }),
              name: TextOrNull("Its name"),
            },
            closed,
          ),
          Type.Null(),
        ],
        { description: "By what its members are read; null: it says nothing" },
      ),
      path: Type.Array(Type.Object({ groupId: Id("Group"), name: Text("Name"), kind: GroupKind }, closed), {
        description: "Groups above it, from the top down",
      }),
      below: Type.Array(groupRowSchema.reference, { description: "Groups directly below it" }),
      balance: Type.Array(Type.Object(groupPoint, closed), { description: "Balance meters at that instant" }),
      findings: Type.Array(finding, { description: "What does not fit together in it" }),
      changes: Type.Array(
        Type.Object(
          {
            changeId: BigId("Change"),
            at: Instant("Made at"),
            by: Text("Who"),
            kind: OneOf(["members", "balance", "parent", "rating", "undo"], "What was changed"),
            reason: Text("Why"),
            added: Whole("Rows that hold since"),
            ended: Whole("Rows that held until then"),
            effectiveFrom: InstantOrNull("The earliest instant for which something is different"),
            undoes: WholeOrNull("The change that this one took back"),
            undoneBy: WholeOrNull("The change that took this one back"),
          },
          closed,
        ),
        { description: "The newest 50" },
      ),
    },
    closed,
  ),
);

export const GroupMembersQuery = Type.Object(
  {
    at: At,
    offset: Type.Optional(Whole("Rows to skip", { minimum: 0, maximum: 10_000_000 })),
    limit: Type.Optional(Whole("Rows to give; 100 when absent", { minimum: 1, maximum: 500 })),
  },
  closed,
);
export const GroupMembers = Type.Object(
  {
    total: Whole("Members at that instant"),
    rows: Type.Array(Type.Object(groupPoint, closed), { description: "By number of the point" }),
  },
  closed,
);
export const GroupFileQuery = Type.Object({ at: At }, closed);

const change = {
  side,
  from: Instant("From when, on a quarter-hour"),
  to: Type.Optional(Instant("Until when, on a quarter-hour; absent: for good")),
  mode: OneOf(
    ["set", "add", "remove", "rule"],
    "set: exactly these from then on; add, remove: these come or go; rule: exactly what the group's rule chooses now",
  ),
  points: Type.Optional(
    Type.Array(Type.Object({ pointId: Id("Point"), sign: Type.Optional(Sign) }, closed), {
      maxItems: 20_000,
    }),
  ),
  pods: Type.Optional(
    Type.Array(
      Type.Object(
        { pod: Text("Code of a point", { minLength: 1, maxLength: 100 }), sign: Type.Optional(Sign) },
        closed,
      ),
      { maxItems: 20_000, description: "Points by their codes, as a file names them" },
    ),
  ),
};
const nameOfPoint = Type.Object(
  { pointId: Id("Point"), pod: Text("Code"), name: Text("Name"), address: Text("Address") },
  closed,
);
const namedPoints = (what: string) => Type.Array(nameOfPoint, { description: `${what}; the first 200` });

export const GroupChangeAsked = Type.Object(change, closed);
export const groupEffectSchema = named(
  "GroupEffect",
  Type.Object(
    {
      token: Text("Names this effect: to be given when the change is applied"),
      before: Whole("So many before"),
      after: Whole("So many from then on"),
      joining: Whole("Points that come"),
      leaving: Whole("Points that go"),
      signChanged: Whole("Points that count with another sign"),
      unchanged: Whole("Points for which it is so already"),
      joiningPoints: namedPoints("Points that come"),
      leavingPoints: namedPoints("Points that go"),
      signChangedPoints: namedPoints("Points that count with another sign"),
      refused: namedPoints("Points outside the group's branch: left out"),
      unknownPods: Type.Array(Type.String(), { description: "Codes that are of no point; the first 200" }),
      elsewhere: Type.Array(
        Type.Object({ ...nameOfPoint.properties, groupId: Id("Group"), group: Text("Its name") }, closed),
        { description: "Points that come and are in another group of the same kind then; the first 200" },
      ),
      bothSides: namedPoints("Points that would be member and balance meter at once"),
    },
    closed,
  ),
);
export const GroupChangeGiven = Type.Object(
  { ...change, token: Text("Token of the effect that was shown", { maxLength: 64 }), reason: Reason },
  closed,
);
export const GroupChanged = Type.Object(
  { changeId: WholeOrNull("The change; null when nothing is different") },
  closed,
);
export const GroupReason = Type.Object({ reason: Reason }, closed);
export const GroupParentGiven = Type.Object(
  {
    parentId: Type.Union([Id("Group"), Type.Null()], { description: "Group above it; null: none" }),
    from: Instant("From when, on a quarter-hour"),
    reason: Reason,
  },
  closed,
);

export const GroupCurveQuery = Type.Object(
  { from: Day("First day"), to: Day("Day after the last one; at most 400 days after the first") },
  closed,
);
const balanceSide = Type.Object(
  {
    energy: Type.Union([Decimal("Wh, import less export"), Type.Null()]),
    expected: Whole("Values that should be there"),
    present: Whole("Of these, there"),
    good: Whole("Of these, good"),
    estimated: Whole("Of these, estimated"),
  },
  closed,
);
const balance = {
  balance: balanceSide,
  members: balanceSide,
  difference: Type.Union([Decimal("Wh: what went in less what members counted"), Type.Null()], {
    description: "Null unless both sides are known",
  }),
};
const values = (what: string) =>
  Type.Array(Type.Unsafe<number | null>({ type: ["integer", "null"] }), { description: what });
export const groupCurveSchema = named(
  "GroupCurve",
  Type.Object(
    {
      zone: Text("Market zone"),
      from: Text("First day"),
      to: Text("Day after the last one"),
      start: Instant("Start of the first interval"),
      stepSeconds: Whole("Length of an interval, s"),
      unit: Text("Unit"),
      scale: Whole("Power of ten: value in `unit` = integer × 10^scale"),
      balance: values("Of the balance meters, by interval; null where nothing is known"),
      members: values("Of the members, by interval; null where nothing is known"),
      whole: Type.Array(Type.Array(Type.Integer(), { minItems: 2, maxItems: 2 }), {
        description:
          "Runs of intervals in which every value of either side is there and good: first index, count",
      }),
      total: Type.Object(balance, closed),
      days: Type.Array(Type.Object({ day: Text("Market-local date"), ...balance }, closed)),
    },
    closed,
  ),
);

export const PointGroups = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          groupId: Id("Group"),
          name: Text("Name"),
          kind: GroupKind,
          side,
          sign: Sign,
          from: Instant("Since"),
        },
        closed,
      ),
    ),
  },
  closed,
);
export const RuleAsked = Type.Object(
  {
    branchId: Type.Union([Id("Branch"), Type.Null()], { description: "Branch of the group" }),
    rule: groupRule,
  },
  closed,
);
export const GroupOptions = Type.Object(
  {
    wholeNetwork: Type.Boolean({ description: "May groups of the whole network be made" }),
    branches: Type.Array(Type.Object({ branchId: Id("Branch"), path: BranchPath }, closed), {
      description: "Branches in which groups may be made",
    }),
    models: Type.Array(Type.String(), { description: "Models of the meters that stand at points there" }),
  },
  closed,
);
export const RuleCount = Type.Object({ points: Whole("Points that the rule chooses now") }, closed);

export const GroupsImportParams = Type.Object({ importId: Id("Import") }, closed);
export const GroupsImportGiven = Type.Object(
  {
    fileName: Text("Name of the file", { minLength: 1, maxLength: 200 }),
    text: Text("CSV: kind, group, and where wanted branch, above, role, pod, sign, from, to"),
    reason: Reason,
  },
  closed,
);
export const GroupsImportOutcome = Type.Object(
  {
    rows: Whole("Lines of the file"),
    groups: Type.Array(
      Type.Object(
        {
          kind: GroupKind,
          branch: Text("Branch; empty: the whole network"),
          name: Text("Name"),
          side: Type.Union([side, Type.Null()], { description: "null: the group alone" }),
          from: Instant("From when"),
          isNew: Type.Boolean({ description: "It is made" }),
          above: TextOrNull("Group that it hangs below afterwards; null: that does not change"),
          joining: Whole("Points that join"),
          signChanged: Whole("Points whose sign changes"),
          unchanged: Whole("Points that are there already"),
        },
        closed,
      ),
    ),
    groupsTotal: Whole("Of so many"),
    refused: Type.Array(
      Type.Object(
        {
          line: Whole("Line of the file"),
          reason: Text("columns, kind, group, role, sign, from, to, branch, above, pod"),
          text: Text("What stands there"),
          proposal: TextOrNull("What was probably meant"),
        },
        closed,
      ),
    ),
    refusedTotal: Whole("Of so many"),
    stored: Type.Union([
      Type.Object(
        { importId: Id("Import"), made: Whole("Groups made"), changes: Whole("Changes of groups") },
        closed,
      ),
      Type.Null(),
    ]),
  },
  closed,
);
export const GroupsImportList = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          importId: Id("Import"),
          fileName: Text("Name of the file"),
          reason: Text("Why"),
          made: Whole("Groups made"),
          changes: Whole("Changes of groups"),
          importedBy: Text("By whom"),
          importedAt: Instant("When"),
          finished: Type.Boolean({ description: "false: it broke off" }),
          undoneBy: TextOrNull("Who took it back"),
          undoneAt: InstantOrNull("When"),
          undoReason: TextOrNull("Why"),
          kept: Whole("What stayed then"),
        },
        closed,
      ),
    ),
  },
  closed,
);
export const GroupsImportUndone = Type.Object(
  { changes: Whole("Changes taken back"), groups: Whole("Groups removed"), kept: Whole("What stays") },
  closed,
);
