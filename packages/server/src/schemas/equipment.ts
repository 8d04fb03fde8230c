import Type from "typebox";
import { attemptSchema } from "./attempts.ts";
import {
  BigId,
  BranchPath,
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
  Yes,
} from "./basics.ts";

export const concentratorStates = ["online", "silent", "shutdown", "quarantine", "retired"] as const;
export const ConcentratorState = OneOf(
  concentratorStates,
  "online: heard of within five minutes; silent: not; shutdown: it said that it would go; quarantine: it called and nobody adopted it; retired: no longer ours",
);
export const Supply = OneOf(
  ["mains", "backup", "battery-low", "shutting-down", "unknown"],
  "What it is fed from",
);
export const MeterState = OneOf(
  ["new", "known", "missing", "moved", "exchanged", "removed"],
  "What the concentrator says of a meter",
);

const row = {
  gatewayId: Id("Concentrator"),
  deviceId: WholeOrNull("Its own device, which its attempts and events hang on; null in quarantine"),
  identity: Text("Name of its logical device 1"),
  name: Text("What people call it; empty in quarantine"),
  branch: BranchPath,
  address: TextOrNull("Where it stands"),
  state: ConcentratorState,
  lastContactAt: InstantOrNull("Last heard of"),
  shutdownAt: InstantOrNull("When it said that it would go"),
  supply: Supply,
  firmware: Text("Firmware"),
  remoteAddress: TextOrNull("Address from which it called last"),
  meters: Whole("Meters and modules behind it"),
  missing: Whole("Of these, missing"),
  differences: Whole("Differences between field and configuration that nobody has looked at"),
  entriesWaiting: Whole("Entries of its journal that are not stored here yet"),
  lastHandOverAt: InstantOrNull("Last hand-over that was stored"),
  lastErrorCode: TextOrNull("Code of the last error"),
};
export const concentratorRowSchema = named("ConcentratorRow", Type.Object(row, closed));

const filter = {
  q: Type.Optional(Text("Part of identity, name, address or link address", { maxLength: 200 })),
  branch: Type.Optional(Id("Only of this branch and of those below it")),
  state: Type.Optional(ConcentratorState),
};
export const EquipmentQuery = Type.Object(
  {
    ...filter,
    offset: Type.Optional(Whole("Rows to skip", { minimum: 0, maximum: 10_000_000 })),
    limit: Type.Optional(Whole("Rows to give; 100 when absent", { minimum: 1, maximum: 500 })),
  },
  closed,
);
export const EquipmentExportQuery = Type.Object(filter, closed);
export const EquipmentList = Type.Object(
  {
    total: Whole("Concentrators that match; retired ones only when they are asked for"),
    counts: Type.Object(
      {
        online: Whole("Online"),
        silent: Whole("Silent"),
        shutdown: Whole("Shut down"),
        quarantine: Whole("In quarantine"),
        retired: Whole("Retired"),
      },
      { ...closed, description: "By state, whatever state is asked for" },
    ),
    rows: Type.Array(concentratorRowSchema.reference, { description: "Quarantine first, then the silent" }),
  },
  closed,
);

const settingNames = [
  "schedule.registersEverySeconds",
  "schedule.profilesEverySeconds",
  "schedule.eventsEverySeconds",
  "schedule.sealEverySeconds",
  "schedule.scanEverySeconds",
  "schedule.clocksEverySeconds",
  "schedule.profileBackDays",
  "store.keepDays",
  "centre.heartbeatSeconds",
] as const;
const Setting = OneOf(settingNames, "Setting of a concentrator, by its path in the configuration");
export const GatewayParams = Type.Object({ gatewayId: Id("Concentrator") }, closed);
const difference = Type.Object(
  {
    differenceId: BigId("Difference"),
    logicalDevice: Whole("Logical device of the meter"),
    kind: OneOf(["new", "missing", "found", "moved", "exchanged", "removed"], "What is different"),
    at: Instant("Seen by the concentrator at"),
    name: Text("Name of the meter"),
    was: TextOrNull("Line and address before, where that changed"),
    is: TextOrNull("Line and address now"),
  },
  closed,
);
const ownership = OneOf(
  ["quarantine", "adopted", "retired"],
  "Whether it waited to be adopted, was ours, or was no longer",
);
export const concentratorSchema = named(
  "Concentrator",
  Type.Object(
    {
      ...row,
      ownership,
      since: Instant("Since when name, branch, address and ownership are so"),
      on: InstantOrNull("As which instant these are given; null: now. All else is of now"),
      versions: Type.Array(
        Type.Object(
          {
            ownership,
            name: Text("Name"),
            branch: BranchPath,
            address: TextOrNull("Where it stood"),
            from: Instant("From"),
            to: InstantOrNull("Until, not included; null: it holds"),
            endedBy: TextOrNull("Who made the change that ended it"),
            reason: Text("Why it was changed, where a reason was given"),
          },
          closed,
        ),
        { description: "All that it was called, whose it was and where it stood, the newest first" },
      ),
      oldestEntry: Whole("Oldest entry of its journal that it still holds"),
      newestEntry: Whole("Newest entry of its journal"),
      storedEntry: Whole("Newest entry that is stored here"),
      takenEntry: Whole("Newest entry that it was told it may forget"),
      poisonEntries: Whole("Entries that could not be used, kept as they came"),
      adoptedBy: TextOrNull("Who adopted it"),
      adoptedAt: InstantOrNull("When"),
      retiredBy: TextOrNull("Who retired it"),
      retiredAt: InstantOrNull("When"),
      replacedBy: WholeOrNull("Concentrator that took over its meters"),
      status: Type.Union(
        [
          Type.Object(
            {
              modem: OneOf(["off", "searching", "registered", "connected", "unknown"], "Its modem"),
              signalDbm: WholeOrNull("Signal that its modem receives, dBm"),
              batteryPercent: Whole("Battery of its supply unit, percent; 0 where it has none"),
              storeDaysLeft: Whole(
                "Days until its store is full, by the growth of its last day; 65535 without a bound",
              ),
              storeBytes: Whole("Bytes of its store"),
              entriesNotTaken: Whole("Entries of its journal that it may not forget yet"),
              starts: Whole("Starts so far"),
              lastStart: InstantOrNull("Last start"),
            },
            closed,
          ),
          Type.Null(),
        ],
        { description: "What it said of itself when it was asked last" },
      ),
      firstSeenAt: Instant("Called for the first time at"),
      meterList: Type.Array(
        Type.Object(
          {
            logicalDevice: Whole("Logical device"),
            name: Text("Maker and serial number"),
            model: Text("Model"),
            line: Text("Line of the concentrator"),
            address: Text("Address on the line"),
            module: WholeOrNull("Logical device of the local module that it hangs on"),
            input: WholeOrNull("Input of that module"),
            state: MeterState,
            lastContactAt: InstantOrNull("Last contact of the concentrator with it"),
            deviceId: WholeOrNull("Device here; null while nobody adopted it"),
            pointId: WholeOrNull("Point where it stands"),
            pod: TextOrNull("POD code of that point"),
          },
          closed,
        ),
        { description: "Meters and local modules; a module is what others name as theirs" },
      ),
      openDifferences: Type.Array(difference, { description: "The newest 500" }),
      settings: Type.Array(
        Type.Object(
          {
            setting: Setting,
            value: WholeOrNull("In force when it was read last; null: its own default, or never read"),
            min: Whole("Least"),
            max: Whole("Most"),
          },
          closed,
        ),
        { description: "Schedule and limits that can be changed from here" },
      ),
      configurationRead: Yes("Its configuration was read"),
      proposals: Type.Array(
        Type.Object(
          {
            proposalId: Id("Proposal"),
            state: OneOf(
              ["queued", "sent", "confirmed", "rolled-back", "refused", "cancelled"],
              "sent: it tries it; rolled-back: it took it back by itself; cancelled: it never took it",
            ),
            changes: Type.Array(
              Type.Object({ setting: Setting, from: WholeOrNull("Before"), to: Whole("After") }, closed),
            ),
            proposedBy: Text("Who"),
            proposedAt: Instant("When"),
            reason: Text("Why"),
            sentAt: InstantOrNull("Taken by the concentrator"),
            endedAt: InstantOrNull("Confirmed, rolled back or refused"),
            error: Text("What it said against it"),
          },
          closed,
        ),
        { description: "The newest 20" },
      ),
      events: Type.Array(
        Type.Object(
          {
            at: Instant("Happened at"),
            code: Text("Code"),
            eventName: TextOrNull("Name of the code; pages translate it"),
            receivedAt: Instant("Received at"),
            detail: Type.Union([
              Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
              Type.Null(),
            ]),
          },
          closed,
        ),
        { description: "Its own newest 100" },
      ),
      attempts: Type.Array(attemptSchema.reference, { description: "Its newest 50 exchanges" }),
    },
    closed,
  ),
);

export const DifferencesSeen = Type.Object(
  {
    differenceIds: Type.Array(BigId("Difference"), { minItems: 1, maxItems: 500 }),
    note: Type.Optional(Text("Why, or what was found", { maxLength: 500 })),
  },
  closed,
);
export const DifferencesSettled = Type.Object({ acknowledged: Whole("Differences that were open") }, closed);

const Reason = Text("Why; stands in the activity log", { minLength: 3, maxLength: 500 });
const Name = Text("What people call it", { minLength: 1, maxLength: 100 });
export const AdoptionBody = Type.Object(
  {
    name: Name,
    branchId: Id("Branch in which it stands; its people see it from then on"),
    again: Type.Optional(Yes("Takes back one that was retired")),
    reason: Type.Optional(Reason),
  },
  closed,
);
export const ConcentratorChange = Type.Object(
  { name: Type.Optional(Name), branchId: Type.Optional(Id("Branch")) },
  closed,
);
export const RetirementBody = Type.Object({ reason: Reason }, closed);
export const HandOverQuery = Type.Object({ to: Id("Concentrator that takes over") }, closed);
export const HandOverBody = Type.Object({ to: Id("Concentrator that takes over"), reason: Reason }, closed);
export const HandedOver = Type.Object(
  {
    meters: Whole("Meters that are read through the new one"),
    found: Whole("Of these, those that the new one has found already"),
  },
  closed,
);
export const gatewayActions = ["scan", "read-all", "set-clocks", "read-state"] as const;
export const GatewayRequestBody = Type.Object(
  {
    action: OneOf(
      gatewayActions,
      "scan: looks for meters on its lines; read-all: reads every meter; set-clocks: its clock and those of its meters; read-state: its state and configuration",
    ),
    reason: Type.Optional(Reason),
  },
  closed,
);
export const EquipmentBranches = Type.Object(
  {
    branches: Type.Array(Type.Object({ branchId: Id("Branch"), path: BranchPath }, closed), {
      description: "Branches in which the caller may put a concentrator",
    }),
  },
  closed,
);

const Pod = Text("Code of the point: one that is there, or a new one", {
  minLength: 1,
  maxLength: 60,
  pattern: "^\\S+$",
});
export const MeterAdoptionBody = Type.Object(
  {
    meters: Type.Array(
      Type.Object(
        {
          logicalDevice: Whole("Logical device of the meter", { minimum: 16, maximum: 65_535 }),
          pod: Pod,
          name: Type.Optional(Text("Name of a new point; that of the meter when absent", { maxLength: 200 })),
          address: Type.Optional(
            Text("Address of a new point; that of the concentrator when absent", { maxLength: 300 }),
          ),
        },
        closed,
      ),
      { minItems: 1, maxItems: 500 },
    ),
    dryRun: Type.Optional(Yes("Only says what would come of it")),
  },
  closed,
);
export const MetersAdopted = Type.Object(
  {
    meters: Type.Array(
      Type.Object(
        {
          logicalDevice: Whole("Logical device"),
          name: Text("Name of the meter"),
          outcome: OneOf(
            ["existing", "new", "refused"],
            "At a point that was there, at a new one, or not at all",
          ),
          errorCode: TextOrNull("Why it was refused, a code of docs/errors.md"),
          pointId: WholeOrNull("Its point"),
        },
        closed,
      ),
      { description: "In the order of the request" },
    ),
  },
  closed,
);
const IndexKwh = Text("Register, exact kWh", { pattern: "^\\d{1,12}(\\.\\d{1,6})?$" });
export const MeterExchangeBody = Type.Object(
  {
    oldDevice: Whole("Logical device of the meter that went", { minimum: 16, maximum: 65_535 }),
    newDevice: Whole("Logical device of the one in its place", { minimum: 16, maximum: 65_535 }),
    at: Instant("When it was exchanged"),
    finalIndexKwh: Type.Optional(IndexKwh),
    initialIndexKwh: Type.Optional(IndexKwh),
    accepted: Type.Optional(
      Type.Array(Text("A doubt, as the refusal names it", { maxLength: 60 }), {
        maxItems: 20,
        description: "Doubts that one was told of, and that are as they should be",
      }),
    ),
    reason: Reason,
  },
  closed,
);
export const MeterExchanged = Type.Object(
  {
    pointId: Id("Point"),
    exchangeId: Id("The exchange, as among those of the point"),
    days: Whole("Days of the point that changed"),
  },
  closed,
);

export const SettingsBody = Type.Object(
  {
    settings: Type.Array(
      Type.Object({ setting: Setting, value: Whole("New value", { minimum: 1 }) }, closed),
      {
        minItems: 1,
        maxItems: settingNames.length,
      },
    ),
    reason: Reason,
  },
  closed,
);
export const SettingsProposed = Type.Object(
  { proposalId: Id("Proposal"), attemptId: BigId("Attempt that sends it") },
  closed,
);
