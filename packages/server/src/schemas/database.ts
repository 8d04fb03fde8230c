import { type PoolProgram, poolsOfPrograms, trialSteps } from "@energsys/store";
import Type from "typebox";
import {
  closed,
  Instant,
  InstantOrNull,
  OneOf,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
  Yes,
} from "./basics.ts";
import { BackupDone } from "./health.ts";

const Finding = Type.Object(
  {
    kind: OneOf(
      ["missing", "extra", "owner", "no-role", "too-mighty"],
      "missing or extra: a privilege; owner: a table belongs to somebody else; no-role: there is no such role; too-mighty: it can more than it should",
    ),
    role: Text("Role of the database, or PUBLIC"),
    table: TextOrNull("Table or view"),
    column: TextOrNull("Column, where the privilege is of one"),
    privilege: TextOrNull("Privilege"),
    repair: Text("Statement or command that mends it"),
  },
  closed,
);

const programName = OneOf(
  Object.keys(poolsOfPrograms) as PoolProgram[],
  "Name under which the program connects",
);
const connections = (description: string) => Whole(description, { minimum: 1, maximum: 1000 });
const timeout = (description: string) => Whole(description, { minimum: 1000, maximum: 86_400_000 });

const PoolValues = Type.Object(
  {
    connectionsMax: connections("Connections at most"),
    statementTimeoutMs: timeout("A statement is given up after this"),
  },
  closed,
);
const Bounds = (what: string) =>
  Type.Object({ least: Whole(`${what}, at least`), most: Whole(`${what}, at most`) }, closed);

const Pool = Type.Object(
  {
    program: programName,
    role: Text("Role as which it signs in"),
    ...PoolValues.properties,
    usual: PoolValues,
    connections: Bounds("Connections"),
    timeoutMs: Bounds("Milliseconds of a statement"),
    before: Type.Union([PoolValues, Type.Null()], {
      description: "What taking the last change back sets; null when it has what the program brings",
    }),
    changedBy: TextOrNull("Who changed it last"),
    changedAt: InstantOrNull("When"),
  },
  closed,
);

const reason = Text("Why; it stands in the activity log", { minLength: 3, maxLength: 500 });
export const PoolChange = Type.Object({ program: programName, ...PoolValues.properties, reason }, closed);
export const PoolUndo = Type.Object({ program: programName, reason }, closed);

const trialOfRole = {
  role: Text("Role that signed in"),
  tls: Yes("The connection was ciphered"),
  steps: Type.Array(
    Type.Object(
      {
        step: OneOf(trialSteps, "Step"),
        outcome: OneOf(["good", "bad", "skipped"], "How it went; skipped after one that failed"),
        durationMs: Whole("Time that it took"),
        detail: TextOrNull("Code of the fault, or what was found"),
      },
      closed,
    ),
  ),
};

const Trial = Type.Object({ at: Instant("When it was tried"), ...trialOfRole }, closed);

const place = {
  host: Text("Name or address of the server", {
    minLength: 1,
    maxLength: 253,
    pattern: "^[A-Za-z0-9.:_-]+$",
  }),
  port: Whole("Port", { minimum: 1, maximum: 65_535 }),
  database: Text("Database", { minLength: 1, maxLength: 63, pattern: "^[A-Za-z0-9_-]+$" }),
  tls: OneOf(["none", "verified"], "verified: ciphered, with a certificate that is good for the host"),
};
export const AddressTrialRequest = Type.Object({ ...place }, closed);
export const AddressChoice = Type.Object(
  { id: Text("Id of the trial", { minLength: 8, maxLength: 64 }), reason },
  closed,
);
export const AddressAsked = Type.Object({ id: Text("Id of the trial") }, closed);
export const DatabaseAddress = Type.Object(
  {
    launcher: Yes("A launcher is there to try an address and to write it down"),
    change: Type.Union(
      [
        Type.Object(
          {
            id: Text("Id of the trial"),
            state: OneOf(
              ["asked", "tried", "chosen", "written", "refused"],
              "asked: the launcher tries it; chosen: it is about to be written; written: used from the next start on",
            ),
            ...place,
            by: Text("Who asked for it last"),
            askedAt: Instant("When it was asked for"),
            triedAt: InstantOrNull("When it was tried"),
            good: Yes("Every step of every role went well"),
            roles: Type.Array(Type.Object(trialOfRole, closed)),
            code: TextOrNull("Why it was refused"),
          },
          closed,
        ),
        Type.Null(),
      ],
      { description: "The address that was asked for last; null: none ever" },
    ),
  },
  closed,
);

export const DatabaseOverview = Type.Object(
  {
    asOf: Instant("When this was asked"),
    server: Type.Object(
      {
        host: Text("Name, address, or folder of the socket"),
        port: Whole("Port"),
        database: Text("Database"),
        role: Text("Role of the server's process"),
        tls: Yes("The server's own connection is ciphered"),
        version: Text("Version of PostgreSQL"),
        bytes: Whole("Size of the database, bytes"),
        connectionsUsed: Whole("Connections that are open"),
        connectionsMax: Whole("Connections at most"),
      },
      closed,
    ),
    pools: Type.Object(
      {
        programs: Type.Array(Pool),
        connectionsPlanned: Whole("Connections that all programs may open together, listeners included"),
        connectionsFree: Whole(
          "What that may be at most; the rest is kept for owners, analysts and commands",
        ),
      },
      closed,
    ),
    roles: Type.Array(
      Type.Object(
        {
          role: Text("Role"),
          present: Yes("It is there"),
          signsIn: Yes("It can sign in"),
          validUntil: InstantOrNull("Its password ends then"),
          connectionsMax: WholeOrNull("Connections at most; null without a limit of its own"),
          connections: Whole("Connections that are open"),
          tlsConnections: Whole("Of these, ciphered ones"),
          settings: Type.Array(Type.String(), {
            description: "What a session begins with, such as statement_timeout=5s",
          }),
        },
        closed,
      ),
    ),
    programs: Type.Array(
      Type.Object(
        {
          program: Text("Name under which it connects"),
          role: Text("Role"),
          address: TextOrNull("Where it comes from; null by the socket of the same machine"),
          connections: Whole("Connections that are open"),
          tls: Yes("All of them are ciphered"),
          oldestAt: Instant("Begin of the oldest"),
        },
        closed,
      ),
    ),
    tables: Type.Array(
      Type.Object(
        {
          table: Text("Table or view"),
          roles: Type.Array(
            Type.Object(
              {
                role: Text("Role"),
                wanted: Text("What it should have: S I U D, S* for some columns, + for anything else"),
                granted: Text("What it has"),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
    findings: Type.Array(Finding, {
      description: "In what the database differs from what should be granted",
    }),
    backup: Type.Object(
      {
        folder: TextOrNull("Where the backups lie; null when nobody ever backed up"),
        coveredAt: InstantOrNull("All that was committed before is in the archive"),
        base: Type.Array(BackupDone),
        check: Type.Array(BackupDone),
      },
      closed,
    ),
  },
  closed,
);

export const DatabaseTrialRequest = Type.Object(
  {
    analystPassword: Type.Optional(
      Text("Signs in as analyst (report_ro) with this; otherwise as the server itself does", {
        minLength: 1,
        maxLength: 200,
      }),
    ),
  },
  closed,
);
export const DatabaseTrial = Trial;

export const AnalystPasswordRequest = Type.Object(
  { days: Whole("Days for which it holds", { minimum: 1, maximum: 366 }) },
  closed,
);
export const AnalystPassword = Type.Object(
  {
    role: Text("Role to sign in as"),
    password: Text("Shown this once"),
    validUntil: Instant("Its end"),
    host: Text("Name, address, or folder of the socket"),
    port: Whole("Port"),
    database: Text("Database"),
  },
  closed,
);
