import { meterStates } from "@energsys/store";
import Type, { type Static } from "typebox";
import {
  BranchPath,
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
  Yes,
} from "./basics.ts";
import { ConcentratorState, MeterState } from "./equipment.ts";
import { CheckPoint, pointAttributes } from "./point-changes.ts";

export const pointStates = ["talking", "silent", "never", "none"] as const;
export const PointState = OneOf(
  pointStates,
  "talking: heard of in time; silent: not heard of for three periods of its plan, at least an hour; never: not heard of yet; none: no device",
);
export const pointSorts = [
  "pod",
  "name",
  "address",
  "branch",
  "serial",
  "model",
  "state",
  "lastContactAt",
] as const;

export const PointFilter = {
  q: Type.Optional(
    Text(
      "Part of POD, name, address or meter serial; diacritics do not matter; several words must all occur",
      {
        maxLength: 200,
      },
    ),
  ),
  branch: Type.Optional(Id("Only points of this branch and of those below it")),
  state: Type.Optional(PointState),
  model: Type.Optional(Text("Only meters of this model", { maxLength: 100 })),
  sort: Type.Optional(OneOf(pointSorts, "Order of the rows; pod when absent")),
  descending: Type.Optional(Yes("Last first")),
};
export const PointListQuery = Type.Object(
  {
    ...PointFilter,
    offset: Type.Optional(Whole("Rows to skip", { minimum: 0, maximum: 10_000_000 })),
    limit: Type.Optional(Whole("Rows to give; 100 when absent", { minimum: 1, maximum: 500 })),
  },
  closed,
);
export const PointExportQuery = Type.Object(PointFilter, closed);

const Reading = Type.Object(
  { value: Decimal("Value in `unit`"), unit: Text("Unit"), measuredAt: Instant("Measured at") },
  closed,
);

export const pointRowSchema = named(
  "PointRow",
  Type.Object(
    {
      pointId: Id("Point"),
      pod: Text("Code of the point of delivery"),
      name: Text("Name of the point"),
      address: Text("Address of the location"),
      branch: BranchPath,
      phases: Whole("1 or 3"),
      serial: TextOrNull("Serial number of the meter now installed"),
      manufacturer: TextOrNull("Its manufacturer"),
      model: TextOrNull("Its model"),
      state: PointState,
      lastContactAt: InstantOrNull("Last contact with the device"),
      lastIndex: Type.Union([Reading, Type.Null()], {
        description: "Newest reading of the active import register",
      }),
    },
    closed,
  ),
);
export type PointRow = Static<typeof pointRowSchema.whole>;

export const PulseQuery = Type.Object(
  {
    at: Type.Optional(Instant("As it stood at this instant; now when absent")),
    gapSeconds: Type.Optional(
      Text("Seconds between two pulses, exact decimal", {
        pattern: "^(?!0+(\\.0+)?$)\\d{1,5}(\\.\\d{1,6})?$",
        maxLength: 12,
      }),
    ),
  },
  closed,
);
export const PulseAnswer = Type.Object(
  {
    serial: Text("Serial number of the meter"),
    mostW: WholeOrNull("Power that it can carry, W"),
    figures: Type.Array(
      Type.Object(
        {
          of: OneOf(["led", "output"], "The light on its front, or its pulse output"),
          constant: Text("imp/kWh of the light, Wh/imp of the output, exact decimal"),
          mostPerSecond: TextOrNull("Pulses a second at the power that it can carry"),
          shortestGapSeconds: TextOrNull("Seconds between two pulses then"),
          counted: Type.Unsafe<boolean | null>({
            type: ["boolean", "null"],
            description: "Whether a local module still counts them",
          }),
          powerW: TextOrNull("Mean power that the gap asked for means, W"),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const PointList = Type.Object(
  { total: Whole("Points that match"), rows: Type.Array(pointRowSchema.reference) },
  closed,
);

export const channelSchema = named(
  "Channel",
  Type.Object(
    {
      channelId: Id("Channel"),
      layer: OneOf(
        ["meter", "point"],
        "meter: as the meter counted; point: energy of the point, after the factors",
      ),
      obis: Text("OBIS code in full"),
      kind: OneOf(["delta", "index", "demand", "instant"], "How the values follow each other"),
      unit: Text("Unit"),
      scale: Whole("Power of ten: value in `unit` = integer × 10^scale"),
      periodSeconds: Whole("Length of an interval, s"),
      firstDay: TextOrNull("First market day with values"),
      lastDay: TextOrNull("Last market day with values"),
      serial: TextOrNull("Serial number of the meter, for the meter layer"),
    },
    closed,
  ),
);
export type Channel = Static<typeof channelSchema.whole>;

const Installation = Type.Object(
  {
    installationId: Id("Installation"),
    meterId: Id("Meter"),
    serial: Text("Serial number of the meter"),
    manufacturer: Text("Manufacturer"),
    model: Text("Meter model"),
    from: Instant("Installed at"),
    to: InstantOrNull("Removed at; null while it stands"),
    ctRatio: Decimal("Current transformer ratio"),
    vtRatio: Decimal("Voltage transformer ratio"),
    primaryValues: Yes("The meter shows primary values: the ratios are shown, not applied"),
    factor: Decimal("What meter values are multiplied by"),
    ledPulsesPerKwh: TextOrNull("Pulses of the light on its front for a kWh, exact decimal"),
    outputPulseWh: TextOrNull("Wh of a pulse of its output, exact decimal"),
  },
  closed,
);

const Device = Type.Object(
  {
    deviceId: Id("Device"),
    identity: Text("What the device claims to be"),
    model: Text("Meter model"),
    url: Text("Address, without secrets"),
    direction: OneOf(["dial", "call-in"], "Whether we call it or it calls us"),
    enabled: Yes("It is read"),
    state: OneOf(["closed", "connecting", "open"], "State of the link now"),
    lastContactAt: InstantOrNull("Last contact"),
    lastSuccessAt: InstantOrNull("Last read without error"),
    lastErrorCode: TextOrNull("Code of the last error"),
    clockOffsetMs: NumberOrNull("Device clock minus our clock, ms"),
  },
  closed,
);

const Plan = Type.Object(
  {
    name: Text("Reading plan"),
    everySeconds: Whole("Period of the plan, s"),
    nextAt: Instant("Next planned read"),
  },
  closed,
);

const Chain = Type.Object(
  {
    gatewayId: Id("Concentrator through which the meter is read"),
    gateway: Text("Its name"),
    gatewayState: ConcentratorState,
    gatewayContactAt: InstantOrNull("Last heard of"),
    hasLine: Type.Boolean({ description: "It has a line to a head-end now" }),
    line: Text("Line of the concentrator"),
    address: Text("Address on the line"),
    module: TextOrNull("Local module that the meter hangs on"),
    moduleState: Type.Union([MeterState, Type.Null()]),
    input: WholeOrNull("Input of that module"),
    meterState: MeterState,
    meterContactAt: InstantOrNull("Last contact of the concentrator with the meter"),
  },
  {
    ...closed,
    description: "How a meter behind a concentrator is reached; null for one that is reached by itself",
  },
);

export const pointSchema = named(
  "Point",
  Type.Object(
    {
      pointId: Id("Point"),
      pod: Text("Code of the point of delivery"),
      name: Text("Name of the point"),
      address: Text("Address of the location"),
      branch: BranchPath,
      on: InstantOrNull("What is shown was valid at this instant; null: now"),
      ...pointAttributes,
      checkPoint: CheckPoint,
      location: Type.Union([
        Type.Object({ latitude: Type.Number(), longitude: Type.Number() }, closed),
        Type.Null(),
      ]),
      state: PointState,
      installations: Type.Array(Installation, { description: "Newest first" }),
      device: Type.Union([Device, Type.Null()]),
      now: Type.Array(
        Type.Object(
          {
            obis: Text("OBIS code in full"),
            value: Decimal("Value in `unit`"),
            unit: Text("Unit"),
            measuredAt: Instant("Measured at"),
            flags: Whole("Quality bits"),
          },
          closed,
        ),
        { description: "Newest value of every register of the meter now installed" },
      ),
      channels: Type.Array(channelSchema.reference),
      plan: Type.Union([Plan, Type.Null()]),
      planFrom: Type.Object(
        {
          kind: OneOf(
            ["own", "group", "network"],
            "A plan of its own, that of a group, or what its device came with",
          ),
          group: Type.Union([
            Type.Object({ groupId: Id("Group"), name: Text("Name") }, closed),
            Type.Null({ description: "Of none, or of one that may not be seen" }),
          ]),
        },
        closed,
      ),
      chain: Type.Union([Chain, Type.Null()]),
    },
    closed,
  ),
);
export type Point = Static<typeof pointSchema.whole>;

export const SearchQuery = Type.Object(
  { q: Text("What to look for", { minLength: 1, maxLength: 200 }) },
  closed,
);
export const SearchResult = Type.Object(
  {
    points: Type.Array(
      Type.Object(
        {
          pointId: Id("Point"),
          pod: Text("Code of the point of delivery"),
          name: Text("Name of the point"),
          address: Text("Address"),
          serial: TextOrNull("Serial number of the meter now installed"),
        },
        closed,
      ),
      { maxItems: 20 },
    ),
    locations: Type.Array(
      Type.Object(
        { locationId: Id("Location"), code: TextOrNull("The operator's own code"), address: Text("Address") },
        closed,
      ),
      { maxItems: 8, description: "Of one's branches; none without the right to see locations" },
    ),
    meters: Type.Array(
      Type.Object(
        {
          meterId: Id("Meter"),
          serial: Text("Serial number"),
          manufacturer: Text("Manufacturer"),
          state: OneOf(meterStates, "Its state"),
        },
        closed,
      ),
      { maxItems: 8, description: "Meters that stand nowhere; none without the right to see meters" },
    ),
    modems: Type.Array(
      Type.Object(
        {
          modemId: Id("Modem"),
          serial: Text("Serial number"),
          serves: TextOrNull("Concentrator or meter that it serves"),
        },
        closed,
      ),
      { maxItems: 8, description: "None without the right to see modems" },
    ),
    sims: Type.Array(
      Type.Object(
        { simId: Id("SIM card"), iccid: Text("ICCID"), modem: TextOrNull("Modem in which it sits") },
        closed,
      ),
      { maxItems: 8, description: "None without the right to see modems" },
    ),
  },
  closed,
);
