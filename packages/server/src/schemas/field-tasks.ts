import { findingStates, taskKinds, taskPriorities, taskStates } from "@energsys/store";
import Type, { type Static } from "typebox";
import { eventKeySchema } from "./alarms.ts";
import { FileParams } from "./analysis.ts";
import {
  BigId,
  BranchPath,
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

/** Findings of one point in one task at most. */
const findingsMax = 500;

const Kind = OneOf(
  taskKinds,
  "look: see what is there; read: by hand; exchange: of the meter; communication; seal: or signs of tampering; other",
);
const Priority = OneOf(taskPriorities, "high, normal, low");
const DayOrNull = (description: string) => Type.Union([Day(description), Type.Null()]);

export const TaskParams = Type.Object({ taskId: Id("Field task") }, closed);
export const TasksFileParams = FileParams;
export const TasksQuery = Type.Object(
  {
    state: Type.Optional(OneOf([...taskStates, "all"], "Only these; open ones when it is left out")),
    kind: Type.Optional(Kind),
    assignee: Type.Optional(OneOf(["me", "nobody"], "Only one's own, or nobody's")),
    due: Type.Optional(
      OneOf(["overdue", "today", "week"], "Due before today, today or before, within seven days"),
    ),
    branch: Type.Optional(Id("This branch and all below it")),
    point: Type.Optional(Id("Only at this point")),
    gateway: Type.Optional(Id("Only at this concentrator")),
    case: Type.Optional(Id("Only for this loss case")),
    finding: Type.Optional(BigId("Only for this finding")),
  },
  closed,
);

const task = {
  taskId: Id("Field task"),
  kind: Kind,
  pointId: WholeOrNull("Point where somebody goes"),
  pod: TextOrNull("Its code"),
  name: TextOrNull("Its name"),
  address: TextOrNull("Where it is, for who sees points there"),
  serial: TextOrNull("Serial number of the meter that stands there now"),
  gatewayId: WholeOrNull("Or concentrator"),
  gateway: TextOrNull("Its name"),
  groupId: WholeOrNull("Or group, of a case of the group as a whole"),
  group: TextOrNull("Its name"),
  branch: BranchPath,
  priority: Priority,
  dueDay: DayOrNull("Day by which it is to be done"),
  overdue: Yes("It is open after that day"),
  state: OneOf(taskStates, "open, done, cancelled"),
  assigneeId: WholeOrNull("Who goes there"),
  assignee: TextOrNull("Their name"),
  mine: Yes("It is given to who asks"),
  findings: Whole("Findings of validation that it is for"),
  caseId: WholeOrNull("Loss case that it is for"),
  alarm: Type.Union([eventKeySchema, Type.Null()], { description: "Alarm that it is for" }),
  alarmName: TextOrNull("Name of the alarm's code; pages translate it"),
  openedAt: Instant("When it was opened"),
  openedBy: Text("By whom"),
  changedAt: Instant("When it was changed last"),
  closedAt: InstantOrNull("When it was done or cancelled"),
  closedBy: TextOrNull("By whom"),
  outcome: TextOrNull("What it came to, in their words"),
};
export const fieldTaskRowSchema = named("FieldTaskRow", Type.Object(task, closed));
export type FieldTaskRow = Static<typeof fieldTaskRowSchema.whole>;
export const Tasks = Type.Object(
  {
    total: Whole("Tasks that match"),
    branches: Type.Array(Type.Object({ branchId: Id("Branch"), branch: BranchPath }, closed), {
      description: "Branches that have tasks of the state that is asked for, whatever else is",
    }),
    rows: Type.Array(fieldTaskRowSchema.reference, {
      description:
        "Open ones first, what is due first; of a day what is urgent first. Then closed ones, the newest first",
    }),
  },
  closed,
);

export const taskFields = ["state", "kind", "priority", "dueDay", "assignee", "findings"] as const;
export const fieldTaskSchema = named(
  "FieldTask",
  Type.Object(
    {
      ...task,
      about: Type.Array(
        Type.Object(
          {
            findingId: BigId("Finding"),
            rule: Text("Rule, V01 to V21"),
            words: Text("Code of the explanation; pages translate it"),
            severity: OneOf(["F", "W", "I"], "F: not billed as it is; W: to be looked at; I: to be known"),
            state: OneOf(findingStates, "Where it stands now"),
            day: Day("Day"),
            obis: Text("Channel, as OBIS"),
            count: Whole("Intervals that it names; 0 where it is about the day"),
          },
          closed,
        ),
        { description: "Findings that it is for, the newest day first" },
      ),
      entries: Type.Array(
        Type.Object(
          {
            at: Instant("When"),
            by: Text("Who"),
            note: Text("What they noted; empty when it was erased"),
            changes: Type.Array(
              Type.Object(
                {
                  field: OneOf(taskFields, "What was changed"),
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

const note = Text("What who goes there should know, or of a task that is closed what it came to", {
  maxLength: 2_000,
});
const findingIds = Type.Array(BigId("Finding"), {
  minItems: 1,
  maxItems: findingsMax,
  description: "Findings of one point",
});
export const NewTask = Type.Object(
  {
    findingIds: Type.Optional(findingIds),
    alarm: Type.Optional(eventKeySchema),
    caseId: Type.Optional(Id("Loss case")),
    pointId: Type.Optional(Id("Point")),
    pod: Type.Optional(Text("Or its code", { minLength: 1, maxLength: 100 })),
    gatewayId: Type.Optional(Id("Concentrator")),
    kind: Kind,
    priority: Type.Optional(Priority),
    dueDay: Type.Optional(Day("Day by which it is to be done")),
    assigneeId: Type.Optional(Id("Who goes there")),
    note,
  },
  { ...closed, description: "Exactly one of the first six says for what somebody goes" },
);
export const TaskOpened = Type.Object(
  {
    taskId: Id("The new task, or the one that is open for the same already"),
    opened: Yes("It is new"),
  },
  closed,
);
export const TaskEdit = Type.Object(
  {
    state: Type.Optional(OneOf(taskStates, "State")),
    kind: Type.Optional(Kind),
    priority: Type.Optional(Priority),
    dueDay: Type.Optional(DayOrNull("Day by which it is to be done; null: none")),
    assigneeId: Type.Optional(WholeOrNull("Who goes there; null: nobody")),
    findingIds: Type.Optional(findingIds),
    note,
  },
  closed,
);
