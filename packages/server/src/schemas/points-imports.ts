import { pointsImportStates } from "@energsys/store";
import Type, { type Static } from "typebox";
import { importColumnNames } from "../points-imports/columns.ts";
import { BigId, closed, Id, Instant, named, OneOf, Text, TextOrNull, Whole } from "./basics.ts";

const Column = OneOf(importColumnNames, "What a column of the file holds");
const Place = Whole("Place of the column in the file, from 0", { minimum: 0, maximum: 63 });
const Mapping = Type.Partial(
  Type.Object(Object.fromEntries(importColumnNames.map((name) => [name, Place])), {
    ...closed,
    description: "Which column of the file holds what; what is missing stands in none",
  }),
);

const facts = {
  pointsImportId: Id("Import"),
  name: Text("Name of the file"),
  lines: Whole("Lines below the head"),
  state: OneOf(
    pointsImportStates,
    "checked: nothing is stored yet; running and undoing: a job is at it; done; undone",
  ),
  madeBy: Text("Name of the account that brought it"),
  madeAt: Instant("Brought at"),
  jobId: Type.Union([BigId("The job that is or was at it"), Type.Null()]),
};

const Fault = Type.Object(
  {
    row: Whole("Line below the head, from 1"),
    column: Column,
    code: Text(
      "missing, blank-inside, twice, no-number, out-of-range, no-date, unknown-model, unknown-word, no-url, secret-inside, not-allowed, too-long, future, other-meter, other-ratio, elsewhere, not-installable or other-device",
    ),
    value: Text("What stands there"),
    proposal: TextOrNull("What it could be instead, when that is plain"),
  },
  closed,
);
const Change = Type.Object(
  {
    row: Whole("Line below the head, from 1"),
    pod: Text("Code of the point"),
    fields: Type.Array(
      Type.Object({ field: Column, before: Text("As it is"), after: Text("As it would be") }, closed),
    ),
  },
  closed,
);

export const importSchema = named(
  "PointsImport",
  Type.Object(
    {
      ...facts,
      mapping: Mapping,
      header: Type.Array(Type.String(), { description: "Head line of the file" }),
      sample: Type.Array(Type.Array(Type.String()), { description: "Its first five lines" }),
      effect: Type.Object(
        {
          new: Whole("Lines whose point would come"),
          change: Whole("Lines whose point would change"),
          same: Whole("Lines whose point is so already"),
          faulty: Whole("Lines with a fault, which are left out"),
        },
        closed,
      ),
      faults: Type.Array(Fault, { description: "The first 500" }),
      faultsTotal: Whole("Faults in all"),
      changes: Type.Array(Change, { description: "The first 100 points that would change" }),
    },
    closed,
  ),
);
export type PointsImportAnswer = Static<typeof importSchema.whole>;

export const ImportList = Type.Object(
  { rows: Type.Array(Type.Object(facts, closed), { description: "The newest hundred first" }) },
  closed,
);
export const ImportGiven = Type.Object(
  {
    name: Text("Name of the file", { minLength: 1, maxLength: 200 }),
    text: Type.Optional(
      Text("Its content: CSV in UTF-8, the first line names the columns", { minLength: 1 }),
    ),
    workbook: Type.Optional(
      Text("In place of `text`: an XLSX workbook in base64, of which the first sheet counts", {
        minLength: 4,
        pattern: "^[A-Za-z0-9+/]+={0,2}$",
      }),
    ),
  },
  closed,
);
export const ImportMade = Type.Object({ pointsImportId: Id("Import") }, closed);
export const ImportParams = Type.Object({ pointsImportId: Id("Import") }, closed);
export const ImportChange = Type.Object(
  {
    mapping: Type.Optional(Mapping),
    fixes: Type.Optional(
      Type.Array(
        Type.Object(
          {
            row: Whole("Line below the head, from 1", { minimum: 1, maximum: 200_000 }),
            column: Column,
            value: Text("What is to stand there", { maxLength: 500 }),
          },
          closed,
        ),
        { maxItems: 1_000, description: "Corrected cells; they add to those of before" },
      ),
    ),
  },
  closed,
);
export const ImportJob = Type.Object({ jobId: BigId("The job that does it") }, closed);
