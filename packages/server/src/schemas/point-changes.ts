import {
  attributeNames,
  groupsOnMove,
  pointCategories,
  pointDirections,
  voltageLevels,
} from "@energsys/store";
import Type from "typebox";
import { BigId, closed, Id, Instant, InstantOrNull, NumberOrNull, OneOf, Text, Yes } from "./basics.ts";

const orNull = <T>(schema: T) => Type.Union([schema as never, Type.Null()]) as unknown as T;

/** What a point is at an instant, but for its place and name. */
export const pointAttributes = {
  phases: Type.Union([Type.Literal(1), Type.Literal(3)], { description: "1 or 3" }),
  voltage: OneOf(voltageLevels, "Voltage level"),
  direction: OneOf(pointDirections, "Direction of energy"),
  category: OneOf(pointCategories, "Category of the point"),
  approvedPowerW: Type.Unsafe<number | null>({
    type: ["integer", "null"],
    minimum: 1,
    maximum: 2_000_000_000,
    description: "Approved power, W",
  }),
  isProtected: Yes("A protected customer"),
  exportContract: Type.Unsafe<boolean | null>({
    type: ["boolean", "null"],
    description: "There is a contract for what is fed in; null: nobody said",
  }),
  expectedYearWh: Type.Unsafe<number | null>({
    type: ["integer", "null"],
    minimum: 1,
    maximum: 9_007_199_254_740_991,
    description: "Energy that a year is expected to need, Wh",
  }),
  checkPointId: Type.Unsafe<number | null>({
    type: ["integer", "null"],
    minimum: 1,
    maximum: 2_147_483_647,
    description: "Point whose meter measures the same line",
  }),
  locationId: Id("Location where it stands"),
};

export const GroupsOnMove = OneOf(
  groupsOnMove,
  "Of a move to another branch: points leave the groups of the old one, or stay; needed where there are any (point.leaves-groups)",
);
export const PointChangeBody = Type.Object(
  {
    from: Instant("From this instant on"),
    to: Type.Optional(Instant("Until then; for good when absent")),
    values: Type.Partial(Type.Object(pointAttributes, closed), {
      ...closed,
      minProperties: 1,
      description: "What is different",
    }),
    groups: Type.Optional(GroupsOnMove),
    reason: Text("Why; it stands in the activity log", { minLength: 3, maxLength: 500 }),
  },
  closed,
);
export const PointChanged = Type.Object(
  { changeId: orNull(BigId("Number of the change; null when it changes nothing")) },
  closed,
);
export const PointChangeParams = Type.Object({ pointChangeId: BigId("Change") }, closed);
export const PointChangeUndoBody = Type.Object(
  { reason: Text("Why; it stands in the activity log", { minLength: 3, maxLength: 500 }) },
  closed,
);

export const PointChanges = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          changeId: BigId("Change"),
          at: Instant("When it was made"),
          changedBy: Text("Who made it"),
          reason: Text("Why"),
          undoes: NumberOrNull("Change that it takes back"),
          undone: Yes("It is taken back"),
          values: Type.Array(
            Type.Object(
              {
                attribute: OneOf(attributeNames, "What"),
                value: Type.Unsafe<string | number | boolean | null>({
                  type: ["string", "number", "boolean", "null"],
                  description: "Its value",
                }),
                from: InstantOrNull("From; null: always before"),
                to: InstantOrNull("Until; null: for good"),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
  },
  closed,
);
export const CheckPoint = Type.Union(
  [Type.Object({ pointId: Id("Point"), pod: Text("Its code"), name: Text("Its name") }, closed), Type.Null()],
  { description: "Point whose meter measures the same line, where it is one of your own" },
);
