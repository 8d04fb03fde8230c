import Type from "typebox";
import { AttemptCause } from "./attempts.ts";
import {
  BigId,
  closed,
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

const anything = Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]);

export const logEntrySchema = named(
  "LogEntry",
  Type.Object(
    {
      seq: BigId("Number of the entry: without gaps"),
      at: Instant("When"),
      kind: OneOf(["application", "parametrisation"], "What people did; what was changed"),
      severity: OneOf(["normal", "security", "alarm"], "An alarm asks for a look"),
      actor: Text("Account, `process:…`, or `unknown/sql` for what came past every process"),
      role: Text("Database role that wrote it"),
      session: TextOrNull("First digits of the session's hash"),
      address: TextOrNull("Where the call came from"),
      page: TextOrNull("Page"),
      operation: TextOrNull("operationId or command"),
      action: Text("What was done: add, change, remove, view, export, sign-in …"),
      objectType: TextOrNull("Kind of the thing"),
      objectId: TextOrNull("Its id"),
      objectName: TextOrNull("What people call it: POD, serial number, name"),
      pointId: WholeOrNull("The point that it belongs to"),
      records: Whole("Number of records"),
      before: Type.Unsafe<Record<string, unknown> | null>({
        ...anything,
        description: "Initial values of the fields that changed; *** is a secret, #… a personal value's hash",
      }),
      after: Type.Unsafe<Record<string, unknown> | null>({ ...anything, description: "Final values" }),
      reason: TextOrNull("Why"),
    },
    closed,
  ),
);

const filter = {
  kind: Type.Optional(OneOf(["application", "parametrisation"], "Which log")),
  actor: Type.Optional(Text("Whose entries", { maxLength: 200 })),
  page: Type.Optional(Text("Of which page", { maxLength: 100 })),
  from: Type.Optional(Instant("From")),
  to: Type.Optional(Instant("Up to, not included")),
  objectType: Type.Optional(Text("Kind of the thing whose log it is", { maxLength: 60 })),
  objectId: Type.Optional(Text("Its id", { maxLength: 100 })),
  severity: Type.Optional(OneOf(["security", "alarm"], "Only these; security takes alarms in")),
};
const window = {
  before: Type.Optional(BigId("Only what is older than this number")),
  limit: Type.Optional(Whole("Rows", { minimum: 1, maximum: 500 })),
};

export const LogQuery = Type.Object({ ...filter, ...window }, closed);
export const LogExportQuery = Type.Object(filter, closed);

export const LogList = Type.Object(
  {
    rows: Type.Array(logEntrySchema.reference),
    more: Type.Boolean({ description: "There are older ones" }),
    checked: Type.Object(
      {
        upTo: Whole("The chain of entries agrees up to this number"),
        at: InstantOrNull("When that was computed"),
        fault: Type.Union([
          Type.Object(
            {
              seq: BigId("First entry that does not agree"),
              reason: OneOf(
                ["changed", "unlinked", "missing", "rootless", "cut", "other-head"],
                "What is wrong with it",
              ),
            },
            closed,
          ),
          Type.Null(),
        ]),
      },
      closed,
    ),
  },
  closed,
);

export const LogNames = Type.Object(
  { actors: Type.Array(Type.String()), pages: Type.Array(Type.String()) },
  closed,
);

export const CommunicationQuery = Type.Object(
  {
    actor: Type.Optional(Text("Who asked", { maxLength: 200 })),
    from: Type.Optional(Instant("From")),
    to: Type.Optional(Instant("Up to, not included")),
    point: Type.Optional(Id("Point whose devices")),
    device: Type.Optional(Id("Device")),
    ...window,
  },
  closed,
);
export const CommunicationList = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          attemptId: BigId("Attempt"),
          at: Instant("When it was asked for"),
          actor: TextOrNull("Who asked; null for a plan or the device itself"),
          cause: AttemptCause,
          deviceId: WholeOrNull("Device"),
          identity: TextOrNull("What the device is called"),
          pointId: WholeOrNull("Point where its meter stands now"),
          pod: TextOrNull("Code of that point"),
          state: OneOf(
            ["queued", "connecting", "reading", "storing", "done", "failed", "cancelled"],
            "How far it came",
          ),
          errorCode: TextOrNull("Code of docs/errors.md"),
          endedAt: InstantOrNull("End"),
          records: Whole("Intervals, registers and events that it brought"),
          bytesReceived: Whole("Bytes received"),
        },
        closed,
      ),
    ),
    more: Type.Boolean({ description: "There are older ones" }),
  },
  closed,
);
