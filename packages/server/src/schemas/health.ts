import Type, { type Static } from "typebox";
import { healthGroups, healthUnits } from "../health/measures.ts";
import {
  closed,
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

const Level = (description: string) => OneOf(["good", "warning", "bad", "none"], description);

export const BackupDone = Type.Object(
  {
    state: OneOf(["running", "done", "failed"], "How it stands"),
    startedAt: Instant("Start"),
    endedAt: InstantOrNull("End"),
    backup: TextOrNull("Line and base backup"),
    bytes: WholeOrNull("Sealed bytes of a base backup; bytes that a check restored"),
    errorCode: TextOrNull("Why it failed"),
  },
  closed,
);

export const systemHealthSchema = named(
  "SystemHealth",
  Type.Object(
    {
      asOf: Instant("When these figures were taken"),
      level: Level("The worst of all measures"),
      measures: Type.Array(
        Type.Object(
          {
            name: Text("Name of the measure"),
            group: OneOf(healthGroups, "What it is about"),
            unit: OneOf(healthUnits, "Unit of value, warning and bad"),
            value: NumberOrNull("Value; null when there is none"),
            level: Level("How it stands; none without a value"),
            warning: NumberOrNull("Bound of a warning"),
            bad: NumberOrNull("Bound of what is bad"),
            bound: OneOf(
              ["above", "below"],
              "On which side of the bounds it is not good, the bound included",
            ),
            code: TextOrNull("Code of docs/errors.md that says why it is bad"),
          },
          closed,
        ),
      ),
      history: Type.Array(
        Type.Object(
          {
            name: Text("Name of the measure"),
            at: Type.Array(Instant("Start of a quarter of an hour")),
            values: Type.Array(Type.Number({ description: "Highest value of that quarter" })),
          },
          closed,
        ),
        { description: "The last day" },
      ),
      roles: Type.Array(
        Type.Object(
          {
            role: Text("Role of the database"),
            program: Text("Program that uses it"),
            connections: Whole("Connections"),
            longTransactions: Whole("Of these, with a transaction older than a minute"),
          },
          closed,
        ),
      ),
      replicas: Type.Array(
        Type.Object(
          {
            name: Text("Name of the replica"),
            state: Text("State of its stream"),
            lagBytes: WholeOrNull("WAL that it has not replayed"),
            lagSeconds: NumberOrNull("How old what it shows is"),
          },
          closed,
        ),
      ),
      backup: Type.Object(
        {
          folder: TextOrNull("Where the backups lie; null when nobody ever backed up"),
          coveredAt: InstantOrNull("All that was committed before is in the archive"),
          base: Type.Array(BackupDone, {
            description: "The last base backup, and the last good one before a failed one",
          }),
          check: Type.Array(BackupDone, {
            description: "The last restore check, and the last good one before a failed one",
          }),
        },
        closed,
      ),
      certificate: Type.Object(
        {
          fingerprint: TextOrNull("SHA-256 of the certificate; null without TLS"),
          endsAt: InstantOrNull("Its end"),
          own: Type.Boolean({ description: "Made by this installation" }),
          names: Type.Array(Type.String()),
        },
        closed,
      ),
    },
    closed,
  ),
);
export type SystemHealth = Static<typeof systemHealthSchema.whole>;
