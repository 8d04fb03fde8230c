import Type, { type Static } from "typebox";
import {
  BigId,
  closed,
  Day,
  Decimal,
  Id,
  Instant,
  InstantOrNull,
  named,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
} from "./basics.ts";
import { channelSchema } from "./points.ts";

const KnownAt = Type.Optional(
  Instant("As it was known at this instant: corrections, estimates and values that came later are not shown"),
);

export const CurveQuery = Type.Object(
  {
    knownAt: KnownAt,
    channel: Id("Channel of this point"),
    from: Day("First day"),
    to: Day("Day after the last one; at most 400 days after the first"),
  },
  closed,
);

export const CurveDay = Type.Object(
  {
    day: Text("Market-local date"),
    firstIndex: Whole("Index of the day's first interval in `values`"),
    slots: Whole("Intervals of this day: 92, 96 or 100 at 15 minutes"),
    sum: WholeOrNull("Sum of the present values"),
    max: WholeOrNull("Largest value"),
    maxAtIndex: WholeOrNull("Index in `values` of the first largest value"),
    ok: Whole("Intervals present and good"),
    version: Whole("Version of the day; 0 when nothing is stored"),
  },
  closed,
);

export const loadCurveSchema = named(
  "LoadCurve",
  Type.Object(
    {
      channel: channelSchema.reference,
      zone: Text("Market zone"),
      knownAt: InstantOrNull("The past that is shown; null: what is known now"),
      from: Text("First day"),
      to: Text("Day after the last one"),
      start: Instant("Start of the first interval"),
      stepSeconds: Whole("Length of an interval, s: interval i starts at start + i × step"),
      unit: Text("Unit"),
      scale: Whole("Power of ten: value in `unit` = integer × 10^scale"),
      values: Type.Array(Type.Unsafe<number | null>({ type: ["integer", "null"] }), {
        description:
          "One value per interval without a break, also over clock changes; null where nothing is stored",
      }),
      flags: Type.Array(Type.Array(Type.Integer(), { minItems: 3, maxItems: 3 }), {
        description: "Runs of quality other than good: first index, count, quality bits",
      }),
      days: Type.Array(CurveDay),
      coverage: Type.Object(
        {
          expected: Whole("Intervals of the period that have ended by now"),
          present: Whole("Of these, with a value"),
          good: Whole("Of these, with a good value"),
          estimated: Whole("Of these, with an estimated value"),
        },
        closed,
      ),
    },
    closed,
  ),
);
export type LoadCurve = Static<typeof loadCurveSchema.whole>;

export const RegisterQuery = Type.Object(
  {
    obis: Type.Optional(Text("Only this register, OBIS code in full or reduced", { maxLength: 30 })),
    knownAt: KnownAt,
    limit: Type.Optional(Whole("Rows to give; 200 when absent", { minimum: 1, maximum: 1_000 })),
  },
  closed,
);
export const RegisterList = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          obis: Text("OBIS code in full"),
          value: Decimal("Value in `unit`"),
          unit: Text("Unit"),
          measuredAt: Instant("Measured at"),
          receivedAt: Instant("Received at"),
          flags: Whole("Quality bits"),
          version: Whole("1 for the first value of this instant, higher after a correction"),
          serial: Text("Serial number of the meter that counted"),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const AttemptsQuery = Type.Object(
  {
    limit: Type.Optional(Whole("Rows to give; 50 when absent", { minimum: 1, maximum: 500 })),
    before: Type.Optional(BigId("Only attempts older than this one")),
  },
  closed,
);

export const EventsQuery = Type.Object(
  { limit: Type.Optional(Whole("Rows to give; 100 when absent", { minimum: 1, maximum: 1_000 })) },
  closed,
);
export const EventList = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          at: Instant("Happened at, by the device's clock"),
          code: Text("Code of the event table of the meter model; system:… for what we saw ourselves"),
          seq: Whole("Tells apart equal events of one instant"),
          eventName: TextOrNull("Name of the code, such as terminal-cover-removed; pages translate it"),
          receivedAt: Instant("Received at"),
          detail: Type.Union([
            Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
            Type.Null(),
          ]),
        },
        closed,
      ),
    ),
  },
  closed,
);
