import { dataExportFormats, energies, jobStates } from "@energsys/store";
import Type from "typebox";
import { BigId, closed, Day, Id, Instant, InstantOrNull, OneOf, Text, Whole, WholeOrNull } from "./basics.ts";

const Format = OneOf(dataExportFormats, "Kind of file");
const asked = {
  of: Text("One subject, as in `of` of the series", { pattern: "^([pgmb][1-9]\\d{0,8}|s)$", maxLength: 10 }),
  energy: OneOf(
    Object.keys(energies) as (keyof typeof energies)[],
    "Energy, as in the series, but none that is computed",
  ),
  from: Day("First day"),
  to: Day("Day after the last one; at most 400 days after the first"),
};

export const ValuesQuery = Type.Object(asked, closed);
export const ValuesParams = Type.Object({ format: Format }, closed);
export const NewDataExport = Type.Object({ ...asked, format: Format }, closed);
export const ValuesSize = Type.Object(
  {
    points: Whole("Points with values that the caller may see"),
    rows: Whole("Rows at most: quarter-hours of all of them"),
    rowsMax: Whole("So many are sent at once; more are written by a job"),
  },
  closed,
);

export const DataExportParams = Type.Object({ dataExportId: Id("File") }, closed);
export const DataExportQueued = Type.Object(
  { dataExportId: Id("File"), jobId: BigId("Job that writes it") },
  closed,
);
export const DataExportList = Type.Object(
  {
    days: Whole("Days after which a file is taken away"),
    rows: Type.Array(
      Type.Object(
        {
          dataExportId: Id("File"),
          jobId: Type.Union([BigId("Job that writes it"), Type.Null()]),
          of: Text("Its subject"),
          name: Text(
            "What people call the subject; empty for the system and for what the caller does not see any more",
          ),
          energy: Text("Energy"),
          from: Text("First day"),
          to: Text("Day after the last one"),
          format: Format,
          requestedAt: Instant("Asked for at"),
          expiresAt: Instant("Taken away at"),
          state: Type.Union([OneOf(jobStates, "Of its job"), Type.Null()], {
            description: "Null when the job is forgotten",
          }),
          madeAt: InstantOrNull("Whole since; null until then"),
          points: WholeOrNull("Points in it"),
          rows: WholeOrNull("Rows in it"),
          bytes: WholeOrNull("Its size"),
        },
        closed,
      ),
    ),
  },
  closed,
);
