import { jobStates } from "@energsys/store";
import Type, { type Static } from "typebox";
import {
  BigId,
  closed,
  Instant,
  InstantOrNull,
  named,
  OneOf,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
} from "./basics.ts";

export const jobSchema = named(
  "Job",
  Type.Object(
    {
      jobId: BigId("Job"),
      kind: Text("What it does; pages translate it"),
      label: Text("Of what, such as the name of a file"),
      requestedBy: Text("Name of the account that asked for it"),
      requestedAt: Instant("Asked for at"),
      state: OneOf(jobStates, "Where it stands"),
      startedAt: InstantOrNull("Begun at"),
      endedAt: InstantOrNull("Ended at"),
      total: WholeOrNull("Items in all; null while nobody knows"),
      done: Whole("Items that were looked at"),
      failed: Whole("Of these, items that could not be done"),
      cancelRequestedBy: TextOrNull("Who asked it to stop"),
      errorCode: TextOrNull("Why it failed as a whole, a code of docs/errors.md"),
      result: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
        description: "What it brought, by kind",
      }),
    },
    closed,
  ),
);
export type Job = Static<typeof jobSchema.whole>;

export const JobParams = Type.Object({ jobId: BigId("Job") }, closed);
export const JobList = Type.Object(
  {
    rows: Type.Array(jobSchema.reference, {
      description:
        "Open ones and those that ended within a day, the newest first: one's own and those of one's rights",
    }),
  },
  closed,
);
export const JobFailures = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        { item: Text("Item"), code: Text("Code of docs/errors.md"), detail: Text("What is wrong with it") },
        closed,
      ),
      { description: "The first thousand" },
    ),
  },
  closed,
);
