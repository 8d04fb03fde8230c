import Type from "typebox";
import { closed, Id, Text, Whole, Yes } from "./basics.ts";

const reason = Text("Why; it stands in the activity log", { minLength: 3, maxLength: 500 });
const Time = Text("Time of day in the market's zone, HH:MM", { pattern: "^([01]\\d|2[0-3]):[0-5]\\d$" });
const moments = Type.Array(Time, { maxItems: 24, description: "Moments of the day; empty: by its period" });
const between = Type.Union([
  Type.Object({ from: Time, to: Time }, closed),
  Type.Null({ description: "At any time" }),
]);
const facts = {
  name: Text("Its name", { minLength: 1, maxLength: 60, pattern: "\\S" }),
  everySeconds: Whole("Time from one reading to the next, s", { minimum: 10, maximum: 31 * 86_400 }),
  profile: Yes("It reads the load profile"),
  registers: Yes("It reads the registers"),
  events: Yes("It reads the event logs"),
  backfillDays: Whole("How far back gaps are read again, days", { minimum: 0, maximum: 400 }),
};

export const ReadingPlans = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          planId: Id("Plan"),
          ...facts,
          moments,
          between,
          devices: Whole("Devices that are read by it, of one's own part of the network"),
        },
        closed,
      ),
    ),
  },
  closed,
);
export const ReadingPlanGiven = Type.Object(
  { ...facts, moments: Type.Optional(moments), between: Type.Optional(between), reason },
  closed,
);
export const ReadingPlanAdded = Type.Object({ planId: Id("The new plan") }, closed);
const planId = Type.Unsafe<number | null>({
  type: ["integer", "null"],
  minimum: 1,
  maximum: 2_147_483_647,
  description: "Plan by which the devices are read; null: only on request",
});
export const PointPlanGiven = Type.Object({ planId, reason }, closed);
export const PointPlanSet = Type.Object({ changed: Yes("It was read otherwise before") }, closed);
export const PointPlanEnd = Type.Object({ reason }, closed);
export const GroupPlanEnd = Type.Object({ dryRun: Yes("Only says what it would do"), reason }, closed);
export const GroupPlanGiven = Type.Object(
  { planId, dryRun: Yes("Only says what it would do"), reason },
  closed,
);
export const GroupPlanSet = Type.Object(
  {
    members: Whole("Members of the group now"),
    changed: Whole("Devices that were, or would be, read otherwise"),
    withoutDevice: Whole("Members of which no device is read"),
    byConcentrator: Whole("Members that a concentrator reads by its own schedule"),
    ownPlan: Whole("Members that are read by a plan of their own: it goes before"),
    otherGroup: Whole("Members that another group has read more often: its plan goes before"),
  },
  closed,
);
