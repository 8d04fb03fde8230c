import { type Energy, energies } from "@energsys/store";
import Type, { type Static } from "typebox";
import {
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

export const alarmStates = ["unacknowledged", "active", "all"] as const;
export const severities = ["critical", "medium", "low"] as const;
const Severity = OneOf(severities, "critical: somebody now; medium: somebody today; low: to be known");

export const peakEnergies = Object.keys(energies) as Energy[];
export const peakBases = ["power", "approved", "former"] as const;

/** What names an event. */
const key = {
  deviceId: Id("Device that told of it"),
  at: Instant("Happened at, by the device's clock"),
  code: Text("Code of the event table", { minLength: 1, maxLength: 60 }),
  seq: Whole("Tells apart equal events of one instant", { minimum: 0, maximum: 2_147_483_647 }),
};
export const eventKeySchema = Type.Object(key, closed);

const peak = Type.Object(
  {
    alarmId: Id("What names the alarm when it is acknowledged"),
    ruleId: Id("Rule that found it"),
    rule: Text("Name of the rule"),
    of: Text("Whose demand it was, as in `of` of the series of analysis"),
    groupName: TextOrNull("Name of the group, where it is a group's"),
    energy: OneOf(peakEnergies, "Energy whose demand it is"),
    day: Day("Market day"),
    demandKw: Text("Mean demand of the quarter-hour, kW, exact"),
    thresholdKw: Text("Threshold, kW, exact"),
    basis: OneOf(peakBases, "Of what the threshold was made"),
    basisKw: TextOrNull("Approved power, or greatest demand of the days before, kW"),
    quarters: Whole("Quarter-hours of the day above the threshold"),
    expected: Whole("Values that should be in the sum"),
    present: Whole("Values that are"),
    estimated: Whole("Of these, estimated ones"),
  },
  closed,
);

export const alarmSchema = named(
  "Alarm",
  Type.Object(
    {
      deviceId: WholeOrNull("Device that told of it; null for a peak"),
      at: Instant("Happened at, by the device's clock; of a peak the begin of its quarter-hour"),
      code: key.code,
      seq: key.seq,
      eventName: TextOrNull("Name of the code; pages translate it"),
      severity: Severity,
      receivedAt: Instant("Received at"),
      detail: Type.Union([
        Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
        Type.Null(),
      ]),
      endedAt: InstantOrNull(
        "When the device said that it is over, or corrected values held no such peak; null while it lasts or has no end",
      ),
      acknowledgedAt: InstantOrNull("When somebody said that they have seen it"),
      acknowledgedBy: TextOrNull("Name of the account that said so"),
      note: TextOrNull("What they noted"),
      identity: TextOrNull("Identity of the device"),
      pointId: WholeOrNull("Point where the device's meter stood, or whose demand it was"),
      pod: TextOrNull("POD code of that point"),
      branch: BranchPath,
      peak: Type.Union([peak, Type.Null()], { description: "What a rule of peaks found; null for an event" }),
      gatewayId: WholeOrNull("Concentrator whose own alarm it is"),
      fieldTaskId: WholeOrNull("Open field task for it"),
    },
    closed,
  ),
);
export type Alarm = Static<typeof alarmSchema.whole>;

export const AlarmQuery = Type.Object(
  {
    state: Type.Optional(
      OneOf(
        alarmStates,
        "unacknowledged (when absent): not yet seen by anybody; active: not over; all: the history",
      ),
    ),
    severity: Type.Optional(Severity),
    days: Type.Optional(Whole("How far back, days; 30 when absent", { minimum: 1, maximum: 400 })),
    limit: Type.Optional(Whole("Rows to give; 200 when absent", { minimum: 1, maximum: 1_000 })),
  },
  closed,
);
export const AlarmList = Type.Object(
  {
    total: Whole("Alarms that match"),
    counts: Type.Object(
      { critical: Whole("Critical"), medium: Whole("Medium"), low: Whole("Low") },
      { ...closed, description: "Not acknowledged, in the period, by severity" },
    ),
    undelivered: Type.Array(
      Type.Object(
        {
          scheduleId: Id("Schedule"),
          reportId: Id("Report"),
          report: Text("Its name"),
          owner: Text("Account whose schedule it is"),
          mine: Yes("It is the caller's own"),
          since: Instant("When it was given up"),
          code: Text("Why"),
          sentence: Text("Why, in the caller's language"),
          targets: Whole("Addresses, and the folder, that did not get it; 0 where no file was made"),
        },
        closed,
      ),
      {
        description:
          "Scheduled reports that somebody waits for in vain: one's own, or all with the right to see their delivery; over when a later one works",
      },
    ),
    rows: Type.Array(alarmSchema.reference, { description: "The worst first, among these the newest" }),
  },
  closed,
);

export const Acknowledgement = Type.Object(
  {
    alarms: Type.Array(eventKeySchema, { maxItems: 1_000, description: "Events" }),
    peaks: Type.Optional(
      Type.Array(Id("Alarm of a peak"), { maxItems: 1_000, description: "Peaks, by their `alarmId`" }),
    ),
    note: Type.Optional(Text("What was found or done", { maxLength: 500 })),
  },
  closed,
);
export const Acknowledged = Type.Object(
  { acknowledged: Whole("Alarms that nobody had acknowledged before") },
  closed,
);
