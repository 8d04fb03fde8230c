import { retentionClasses } from "@energsys/store";
import Type from "typebox";
import { BigId, closed, Day, Id, Instant, InstantOrNull, OneOf, Text, TextOrNull, Whole } from "./basics.ts";

const Class = OneOf(
  retentionClasses,
  "intervals: quarter-hours with their versions and raw bytes; registers: register readings; events: events and the history of communication; imports: files of points that were brought, with what was there before",
);
const MonthName = Type.Array(Type.String(), {
  description: "Months that are due and stay, since somebody has to decide about them",
});

export const Retention = Type.Object(
  {
    rules: Type.Array(
      Type.Object(
        {
          class: Class,
          months: Whole("Kept for so many months"),
          monthsMin: Whole("The least that can be set"),
          purpose: Text("For what"),
          setBy: TextOrNull("Who set it; null: as the program brings it"),
          setAt: InstantOrNull("Set at"),
        },
        closed,
      ),
    ),
    effects: Type.Array(
      Type.Object(
        {
          class: Class,
          cutoff: Day("First day that is kept"),
          months: Type.Array(
            Type.Object(
              {
                part: Text("Table of a month that would go"),
                rows: Whole("Rows in it"),
                bytes: Whole("Its size with indexes"),
              },
              closed,
            ),
          ),
          rows: Type.Array(
            Type.Object({ table: Text("Table"), rows: Whole("Rows of it that would go") }, closed),
          ),
          kept: MonthName,
        },
        closed,
      ),
      { description: "What a run would take now" },
    ),
    runs: Type.Array(
      Type.Object(
        {
          runId: Id("Run"),
          class: Class,
          cutoff: Day("First day that was kept"),
          monthsDropped: Type.Array(Type.String(), { description: "Tables that went" }),
          rowsRemoved: Whole("Other rows that went"),
          bytesFreed: Whole("Size of the tables that went"),
          kept: MonthName,
          runBy: Text("Who asked"),
          runAt: Instant("When"),
        },
        closed,
      ),
      { description: "What runs took, the newest first" },
    ),
  },
  closed,
);
export const RetentionParams = Type.Object({ retentionClass: Class }, closed);
export const RetentionBody = Type.Object(
  {
    months: Whole("Kept for so many months", { minimum: 1, maximum: 1_200 }),
    purpose: Text("For what", { minLength: 3, maxLength: 500 }),
  },
  closed,
);
export const RetentionJob = Type.Object({ jobId: BigId("Job that does it") }, closed);
