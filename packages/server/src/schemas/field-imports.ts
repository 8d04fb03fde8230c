import Type from "typebox";
import {
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

export const importKinds = ["concentrator-dump", "hand-held", "load-curves"] as const;
const Kind = OneOf(importKinds, "A dump of a concentrator's store, or readings of a hand-held");

/** What the largest file may have; a larger one goes by the command on the server. */
export const importBytesMax = 64 * 1024 * 1024;

const place = Type.Integer({ minimum: 0, maximum: 63, description: "Column of the file, from 0" });
const HistoryMapping = Type.Object(
  {
    kind: OneOf(["load-curves", "hand-held"], "Load curves, or readings of registers"),
    columns: Type.Object(
      {
        serial: Type.Optional(place),
        start: Type.Optional(place),
        time: Type.Optional(place),
        clock: Type.Optional(place),
        value: Type.Optional(place),
        obis: Type.Optional(place),
        unit: Type.Optional(place),
        quality: Type.Optional(place),
      },
      closed,
    ),
    obis: Type.Optional(Text("Register of every line, where no column has it", { maxLength: 40 })),
    unit: Type.Optional(Text("Unit of every line, where no column has it", { maxLength: 10 })),
  },
  { ...closed, description: "Which column holds what" },
);
const content = {
  fileName: Text("Name of the file", { minLength: 1, maxLength: 200 }),
  text: Type.Optional(Text("Its content, as text", { minLength: 1, maxLength: importBytesMax })),
  workbook: Type.Optional(
    Text("In place of `text`: an XLSX workbook in base64, of which the first sheet counts", {
      minLength: 4,
      pattern: "^[A-Za-z0-9+/]+={0,2}$",
    }),
  ),
};
export const ImportBody = Type.Object(
  {
    ...content,
    mapping: Type.Optional(HistoryMapping),
    isFinal: Type.Optional(
      Yes(
        "Of load curves: their values are the last word, so that nobody need look where they replace others",
      ),
    ),
  },
  closed,
);
export const ImportColumnsBody = Type.Object(content, closed);
export const ImportColumns = Type.Object(
  {
    header: Type.Array(Text("Head of a column")),
    sample: Type.Array(Type.Array(Text("Cell")), { description: "The first lines" }),
    lines: Whole("Lines below the head"),
    guesses: Type.Array(HistoryMapping, { description: "What the columns probably hold, by kind" }),
    profile: Type.Union([HistoryMapping, Type.Null()], {
      description: "How a file with this head line was mapped the last time",
    }),
  },
  closed,
);
export const importCheckSchema = named(
  "ImportCheck",
  Type.Object(
    {
      kind: Kind,
      identity: TextOrNull("Concentrator that made the dump"),
      made: TextOrNull("When it was made, as the file says"),
      first: WholeOrNull("First entry of its journal in the file"),
      last: WholeOrNull("Last one"),
      entries: Whole("Entries, or lines that can be used"),
      beyondCursor: Whole("Entries that the line has not brought yet"),
      meters: Type.Array(
        Type.Object(
          {
            name: Text("Meter"),
            adopted: Yes("It is known here; entries of others are kept until somebody adopts it"),
            intervals: Whole("Intervals in the file"),
            readings: Whole("Register readings in the file"),
            added: Whole("Values that are not stored yet: intervals of a dump, readings of a hand-held"),
            differ: Whole("Values that are stored otherwise"),
            lower: Whole("Readings that are lower than the one before: they are marked as suspect"),
          },
          closed,
        ),
      ),
      refused: Type.Array(
        Type.Object(
          {
            line: WholeOrNull("Line of the file"),
            reason: Text(
              "columns, serial, register, time, time-ahead, value, unit, twice, unknown-meter, two-meters, unreadable",
            ),
            text: Text("What stands there"),
          },
          closed,
        ),
        { description: "The first 500" },
      ),
      refusedTotal: Whole("Lines or entries that cannot be used"),
      before: WholeOrNull("Import of this very file that was not taken back"),
      stored: Type.Union([
        Type.Object(
          {
            importId: Id("Import"),
            intervals: Whole("Intervals that are new or changed"),
            registers: Whole("Readings that are new or changed"),
            events: Whole("Events that are new"),
            kept: Whole("Entries kept for meters that nobody adopted"),
          },
          closed,
        ),
        Type.Null(),
      ]),
    },
    closed,
  ),
);
export const ImportParams = Type.Object({ importId: Id("Import") }, closed);
export const ImportUndoBody = Type.Object(
  { reason: Text("Why; stands in the activity log", { minLength: 3, maxLength: 500 }) },
  closed,
);
export const ImportUndone = Type.Object(
  {
    intervals: Whole("Intervals that are as they were before"),
    registers: Whole("Readings that went"),
    kept: Whole("What somebody changed since, and stays"),
  },
  closed,
);
export const ImportList = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          importId: Id("Import"),
          kind: Kind,
          fileName: Text("Name of the file"),
          gatewayId: WholeOrNull("Concentrator"),
          gateway: TextOrNull("Its name"),
          meters: Whole("Meters in it"),
          intervals: Whole("Intervals that it changed"),
          registers: Whole("Readings that it added"),
          events: Whole("Events that it added"),
          refused: Whole("Lines or entries that could not be used"),
          isFinal: Yes("Its values were declared final"),
          importedBy: Text("Who"),
          importedAt: Instant("When"),
          finished: Yes("It was taken in as a whole"),
          undoneBy: TextOrNull("Who took it back"),
          undoneAt: InstantOrNull("When"),
          undoReason: Text("Why"),
          undoneIntervals: Whole("Intervals that went back"),
          undoneRegisters: Whole("Readings that went"),
          undoKept: Whole("What stayed, since somebody changed it"),
        },
        closed,
      ),
      { description: "The newest 200" },
    ),
  },
  closed,
);
