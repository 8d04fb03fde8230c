import {
  enclosureMaterials,
  fittingKinds,
  fittingOutcomes,
  locationSorts,
  pointDirections,
  sealStates,
} from "@energsys/store";
import Type from "typebox";
import {
  BranchPath,
  closed,
  Id,
  Instant,
  InstantOrNull,
  NumberOrNull,
  named,
  OneOf,
  OnQuery,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
  Yes,
} from "./basics.ts";
import { GroupsOnMove } from "./point-changes.ts";

const reason = Text("Why; stands in the log", { minLength: 3, maxLength: 500 });
/** Given text, or null when there is none. */
const Given = (description: string, maxLength: number, pattern?: string) =>
  Type.Unsafe<string | null>({
    type: ["string", "null"],
    minLength: 1,
    maxLength,
    description,
    ...(pattern === undefined ? {} : { pattern }),
  });
const GivenWhole = (description: string, minimum: number, maximum: number) =>
  Type.Unsafe<number | null>({ type: ["integer", "null"], minimum, maximum, description });
const Amount = (description: string) =>
  Given(`${description}, exact decimal`, 7, "^(?!0+([.]0)?$)\\d{1,5}([.]\\d)?$");
const Degrees = (description: string, limit: number) =>
  Type.Unsafe<number | null>({
    type: ["number", "null"],
    minimum: -limit,
    maximum: limit,
    description: `${description}, degrees; null: not known`,
  });

const filter = {
  q: Type.Optional(
    Text("Part of address, code, note, seal or key, or of a point there; several words must all occur", {
      maxLength: 200,
    }),
  ),
  branch: Type.Optional(Id("Of this branch and those below it")),
  seal: Type.Optional(
    OneOf(sealStates, "broken: one was found broken or missing, and none is in its place; none: no seal"),
  ),
  sort: Type.Optional(OneOf(locationSorts, "Order of the rows; address when absent")),
  descending: Type.Optional(Yes("Last first")),
};
export const LocationListQuery = Type.Object(
  {
    ...filter,
    offset: Type.Optional(Whole("Rows to skip", { minimum: 0, maximum: 10_000_000 })),
    limit: Type.Optional(Whole("Rows to give; 100 when absent", { minimum: 1, maximum: 500 })),
  },
  closed,
);
export const LocationExportQuery = Type.Object(filter, closed);
export const LocationList = Type.Object(
  {
    total: Whole("Locations that match"),
    rows: Type.Array(
      Type.Object(
        {
          locationId: Id("Location"),
          code: TextOrNull("The operator's own code"),
          address: Text("Address"),
          branch: BranchPath,
          latitude: NumberOrNull("Degrees north"),
          longitude: NumberOrNull("Degrees east"),
          points: Whole("Points of measure there"),
          material: TextOrNull("Material of the enclosure"),
          wallMm: TextOrNull("Its walls, mm, exact decimal"),
          seals: Whole("Seals that stand there"),
          sealState: OneOf(sealStates, "What is known of its seals"),
          ratedCurrentA: TextOrNull("Rated current of its first breaker or fuse, A, exact decimal"),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const LocationParams = Type.Object({ locationId: Id("Location") }, closed);
export const LocationOn = OnQuery;
const facts = {
  code: Given("The operator's own code, unique; null: none", 40),
  branchId: Id("Branch"),
  address: Text("Address", { minLength: 1, maxLength: 300 }),
  note: Text("What else is to be known by whoever goes there", { maxLength: 500 }),
  latitude: Degrees("North", 90),
  longitude: Degrees("East", 180),
};
export const LocationGiven = Type.Object({ ...facts, reason }, closed);
export const LocationAdded = Type.Object({ locationId: Id("The new location") }, closed);
export const LocationChange = Type.Object(
  {
    ...facts,
    from: Type.Optional(Instant("From then on; now when absent")),
    groups: Type.Optional(GroupsOnMove),
    reason,
  },
  closed,
);
export const PointGiven = Type.Object(
  {
    pod: Text("Code of the point of delivery", { minLength: 1, maxLength: 60, pattern: "^\\S+$" }),
    name: Text("Name of the point", { maxLength: 200 }),
    phases: Type.Unsafe<1 | 3>({ type: "integer", enum: [1, 3], description: "1 or 3" }),
    direction: OneOf(pointDirections, "Direction of energy"),
    reason,
  },
  closed,
);
export const PointAdded = Type.Object({ pointId: Id("The new point") }, closed);
export const LocationChanged = Type.Object({ changed: Yes("Something was different") }, closed);
export const ReasonGiven = Type.Object({ reason }, closed);

const fitting = {
  kind: OneOf(fittingKinds, "What it is"),
  label: Text("Which of several, such as F1; of a seal, what it closes", { maxLength: 60 }),
  pointId: Type.Unsafe<number | null>({
    type: ["integer", "null"],
    minimum: 1,
    maximum: 2_147_483_647,
    description: "The point whose equipment it protects or closes; null: the whole location's",
  }),
  material: Type.Unsafe<(typeof enclosureMaterials)[number] | null>({
    type: ["string", "null"],
    enum: [...enclosureMaterials, null],
    description: "Of an enclosure",
  }),
  wallMm: Amount("Walls of an enclosure, mm"),
  locks: GivenWhole("Locks of an enclosure", 0, 20),
  keyMark: Given("Mark of the key that opens an enclosure", 40),
  ipClass: Given("Degree of protection (IEC 60529), such as IP54", 6, "^IP[0-6X][0-9X][A-D]?$"),
  ratedCurrentA: Amount("Rated current of a protection device, A"),
  poles: GivenWhole("Poles of a protection device", 1, 4),
  residualCurrentMa: GivenWhole("Rated residual current, mA", 1, 30_000),
  characteristic: Given("Characteristic, such as C, gG, A, T2", 20),
  number: Given("Number of a seal", 40),
};
export const FittingGiven = Type.Object(
  {
    ...fitting,
    at: Instant("Fitted at"),
    putBy: Text("Who fitted it", { maxLength: 120 }),
    replaces: Yes("What of that kind and label stands there ends then"),
    reason,
  },
  closed,
);
export const FittingAdded = Type.Object({ fittingId: Id("The new fitting") }, closed);
export const FittingParams = Type.Object(
  { locationId: Id("Location"), fittingId: Id("Enclosure, protection device or seal") },
  closed,
);
export const FittingEnded = Type.Object(
  {
    at: Instant("Taken down, or found so, at"),
    outcome: OneOf(fittingOutcomes, "broken, missing: it was found so"),
    takenBy: Text("Who took it down, or found it so", { maxLength: 120 }),
    reason,
  },
  closed,
);

const state = {
  code: TextOrNull("The operator's own code"),
  branchId: Id("Branch"),
  branch: BranchPath,
  address: Text("Address"),
  note: Text("What else is to be known by whoever goes there"),
  latitude: NumberOrNull("Degrees north"),
  longitude: NumberOrNull("Degrees east"),
  from: InstantOrNull("Since when it is so; null: as long as it is known"),
};
export const locationSchema = named(
  "Location",
  Type.Object(
    {
      locationId: Id("Location"),
      ...state,
      on: InstantOrNull("The instant that was asked for; null: now"),
      fittings: Type.Array(
        Type.Object(
          {
            fittingId: Id("Fitting"),
            ...fitting,
            from: Instant("Fitted at"),
            to: InstantOrNull("Until then; null: it is there"),
            putBy: Text("Who fitted it"),
            reason: Text("Why it was fitted"),
            by: Text("Who entered it"),
            outcome: Type.Unsafe<(typeof fittingOutcomes)[number] | null>({
              type: ["string", "null"],
              enum: [...fittingOutcomes, null],
              description: "How it ended; null: it is there",
            }),
            takenBy: Text("Who took it down, or found it so"),
            endReason: TextOrNull("Why"),
            endedBy: TextOrNull("Who entered that"),
            withdrawnBy: TextOrNull("Who withdrew it; null: it counts"),
            withdrawnWhy: TextOrNull("Why"),
          },
          closed,
        ),
        { description: "Enclosures, protection devices and seals, the newest first" },
      ),
      points: Type.Array(
        Type.Object(
          {
            pointId: Id("Point"),
            pod: Text("Code of the point of delivery"),
            name: Text("Name of the point"),
            meterId: WholeOrNull("The meter that stands there"),
            serial: TextOrNull("Its serial number"),
            manufacturer: TextOrNull("Its manufacturer"),
            gatewayId: WholeOrNull("The concentrator that reads it"),
            gateway: TextOrNull("Its name"),
            module: WholeOrNull("The local module that it hangs on, by its logical device"),
          },
          closed,
        ),
        { description: "Points of measure there, of one's branches" },
      ),
      versions: Type.Array(
        Type.Object(
          {
            ...state,
            to: Instant("Until then, not included"),
            endedBy: Text("Who made the change that ended it"),
            reason: Text("Why"),
            withdrawn: Yes("Taken back: it did not hold then, or holds again"),
          },
          closed,
        ),
        { description: "What it was before, the newest first" },
      ),
    },
    closed,
  ),
);
