import Type, { type Static } from "typebox";
import {
  BigId,
  closed,
  Decimal,
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
} from "./basics.ts";

export const attemptStates = [
  "queued",
  "connecting",
  "reading",
  "storing",
  "done",
  "failed",
  "cancelled",
] as const;
export const AttemptState = OneOf(attemptStates, "Where the attempt stands");
export const AttemptCause = OneOf(
  ["plan", "read-now", "trial", "call-in", "push", "key-change", "gateway"],
  "Why the device is read",
);

export const trialResultSchema = named(
  "TrialResult",
  Type.Object(
    {
      identity: Text("What the device claims to be"),
      model: Text("Meter model recognised, by its name in the model table"),
      manufacturer: Text("Manufacturer as the device names it"),
      clockOffsetMs: NumberOrNull("Device clock minus our clock, ms"),
      registers: Type.Array(
        Type.Object(
          { obis: Text("OBIS code in full"), value: Decimal("Value in `unit`"), unit: Text("Unit") },
          closed,
        ),
      ),
      profile: Type.Union([
        Type.Object(
          {
            obis: Text("OBIS code of the load profile"),
            periodSeconds: Whole("Length of an interval, s"),
            columns: Type.Array(
              Type.Object(
                {
                  obis: Text("OBIS code in full"),
                  unit: Text("Unit"),
                  kind: Text("delta, index, demand or instant"),
                },
                closed,
              ),
            ),
          },
          closed,
        ),
        Type.Null(),
      ]),
    },
    closed,
  ),
);

export const attemptSchema = named(
  "Attempt",
  Type.Object(
    {
      attemptId: BigId("Attempt"),
      deviceId: Type.Union([Id("Device"), Type.Null()]),
      pointId: Type.Union([Id("Point where the device's meter is installed"), Type.Null()]),
      cause: AttemptCause,
      asked: TextOrNull(
        "What a concentrator was asked for: scan, read-all, set-clocks, read-state, configure, reread, drain",
      ),
      requestedBy: TextOrNull("Name of the account that asked; null for planned reads"),
      requestedAt: Instant("Asked at"),
      state: AttemptState,
      stages: Type.Array(Type.Object({ stage: Type.String(), at: Instant("Reached at") }, closed)),
      startedAt: InstantOrNull("Started at"),
      endedAt: InstantOrNull("Ended at"),
      bytesSent: Whole("Bytes sent to the device"),
      bytesReceived: Whole("Bytes received from the device"),
      intervals: Whole("Intervals read"),
      registers: Whole("Register values read"),
      events: Whole("Events read"),
      errorCode: TextOrNull("Code of docs/errors.md when it failed"),
      errorDetail: TextOrNull("What exactly happened"),
      result: Type.Union([trialResultSchema.reference, Type.Null()]),
    },
    closed,
  ),
);
export type Attempt = Static<typeof attemptSchema.whole>;

const place = {
  at: Instant("When it happened"),
  deviceId: WholeOrNull("Device"),
  pointId: WholeOrNull("Point of the device's meter"),
  gatewayId: WholeOrNull("Concentrator, when the device is one"),
  pod: TextOrNull("POD code of that point"),
  name: TextOrNull("Name of that point or concentrator"),
};
export const attemptItemSchema = named(
  "AttemptItem",
  Type.Object(
    {
      type: Type.Literal("attempt"),
      ...place,
      attemptId: BigId("Attempt"),
      state: AttemptState,
      cause: AttemptCause,
      errorCode: TextOrNull("Code when it failed"),
      intervals: Whole("Intervals read so far"),
      registers: Whole("Register values read so far"),
      events: Whole("Events read so far"),
    },
    closed,
  ),
);
export const eventItemSchema = named(
  "EventItem",
  Type.Object(
    {
      type: Type.Literal("event"),
      ...place,
      code: Text("Code of the event table"),
      eventName: TextOrNull("Name of the code; pages translate it"),
    },
    closed,
  ),
);
export const liveItemSchema = named(
  "LiveItem",
  Type.Union([attemptItemSchema.reference, eventItemSchema.reference]),
);
export type LiveItem = Static<typeof attemptItemSchema.whole> | Static<typeof eventItemSchema.whole>;

export const AttemptParams = Type.Object({ attemptId: BigId("Attempt") }, closed);
