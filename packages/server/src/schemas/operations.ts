import Type, { type Static } from "typebox";
import { liveItemSchema } from "./attempts.ts";
import {
  BranchPath,
  closed,
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

export const operationsSchema = named(
  "Operations",
  Type.Object(
    {
      asOf: Instant("When these figures were taken"),
      devices: Whole("Devices that are read"),
      attemptsOpen: Whole("Attempts queued or under way"),
      read: Type.Object(
        {
          done: Whole("Attempts that ended well since the market day began"),
          failed: Whole("Attempts that failed since the market day began"),
          late: Whole("Devices whose planned read is more than five minutes overdue"),
          total: Whole("Attempts ended since the market day began"),
          successPercent: NumberOrNull("done of total, percent; null without attempts"),
          byHour: Type.Array(
            Type.Object(
              { hour: Instant("Start of the hour"), done: Whole("Done"), failed: Whole("Failed") },
              closed,
            ),
          ),
        },
        closed,
      ),
      coverage: Type.Object(
        {
          day: Text("The last whole market day"),
          expected: Whole("Intervals that the points' channels should have"),
          present: Whole("Of these, with a value"),
          good: Whole("Of these, with a good value"),
        },
        closed,
      ),
      silent: Type.Object(
        {
          count: Whole("Devices not heard of for three periods of their plan, at least an hour"),
          rows: Type.Array(
            Type.Object(
              {
                pointId: WholeOrNull("Point"),
                pod: TextOrNull("POD code"),
                name: TextOrNull("Name of the point"),
                deviceId: Id("Device"),
                lastContactAt: InstantOrNull("Last contact"),
                lastErrorCode: TextOrNull("Code of the last error"),
                silentSeconds: WholeOrNull("Seconds since the last contact; null when there never was one"),
              },
              closed,
            ),
            { description: "At most 50, longest silent first; not those behind a concentrator that is away" },
          ),
        },
        closed,
      ),
      concentrators: Type.Array(
        Type.Object(
          {
            gatewayId: Id("Concentrator"),
            name: Text("Its name"),
            branch: BranchPath,
            state: OneOf(["silent", "shutdown"], "shutdown: it said that it would go"),
            lastContactAt: InstantOrNull("Last heard of"),
            silentSeconds: WholeOrNull("Seconds since then"),
            points: Whole("Points that are read through it"),
          },
          closed,
        ),
        { description: "Concentrators that are away, at most 50, those with the most points first" },
      ),
      branches: Type.Array(
        Type.Object(
          {
            branchId: Id("Branch"),
            parentId: WholeOrNull("Branch above it"),
            path: BranchPath,
            points: Whole("Points of the branch and of those below it"),
            silent: Whole("Of these, with a silent device"),
            expected: Whole("Intervals expected on the coverage day"),
            present: Whole("Of these, present"),
          },
          closed,
        ),
      ),
      feed: Type.Array(liveItemSchema.reference, { description: "Newest 50, newest first" }),
    },
    closed,
  ),
);
export type Operations = Static<typeof operationsSchema.whole>;
