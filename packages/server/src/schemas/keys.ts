import Type from "typebox";
import {
  BigId,
  closed,
  Id,
  Instant,
  InstantOrNull,
  OneOf,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
  Yes,
} from "./basics.ts";

const kinds = [
  "master",
  "authentication",
  "unicast",
  "broadcast",
  "lls-password",
  "hls-secret",
  "signing",
  "meter-public",
  "m-bus",
  "ppp",
] as const;
const states = ["NEW", "ACTIVE", "EXPIRED", "WITHDRAWN"] as const;
const Kind = OneOf(kinds, "What the key is for");
const State = OneOf(
  states,
  "NEW: made, perhaps in the meter already; ACTIVE: in use; EXPIRED: replaced; WITHDRAWN: never came into use",
);

const KeyWork = Type.Object(
  {
    keyWorkId: BigId("Change of keys of several devices"),
    subject: Text("Which devices, in words"),
    requestedBy: TextOrNull("Who asked"),
    startedAt: Instant("When"),
    total: Whole("Devices"),
    done: Whole("Changed and proven"),
    failed: Whole("Failed; their meters stay reachable"),
    cancelled: Whole("Taken back"),
    open: Whole("Waiting or under way"),
  },
  closed,
);

/** The keys of the installation as a whole: never a key. */
export const KeyOverview = Type.Object(
  {
    master: Text("Name of the master key in use"),
    dataKeys: Type.Array(
      Type.Object(
        {
          master: Text("Name of the master key that wraps them"),
          dataKeys: Whole("How many"),
          current: Yes("It is the one in use"),
        },
        closed,
      ),
    ),
    recipient: Text("Whom key files to us are encrypted to (age)"),
    meterKeys: Type.Array(
      Type.Object(
        {
          kind: Kind,
          state: State,
          keys: Whole("How many"),
          oldestAt: InstantOrNull("Since when the oldest of them is in this state"),
          counterAlarms: Whole("Those of which half of all invocation counters are used"),
        },
        closed,
      ),
    ),
    work: Type.Array(KeyWork),
  },
  closed,
);

export const PointKeys = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          meterKeyId: BigId("Key"),
          kind: Kind,
          state: State,
          fingerprint: Text("Keyed hash: tells equal keys and nothing else"),
          origin: OneOf(["entered", "imported", "made"], "Where it came from"),
          createdAt: Instant("When it came"),
          createdBy: TextOrNull("Who brought it"),
          activatedAt: InstantOrNull("When it came into use"),
          endedAt: InstantOrNull("When it was replaced or withdrawn"),
          nextCounter: WholeOrNull(
            "Next invocation counter that will be sent; null for a key that does not count",
          ),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const NewKeyChange = Type.Object(
  {
    what: Type.Optional(
      OneOf(
        ["cipher", "master", "broadcast", "password", "secret"],
        "cipher, when absent: encryption and authentication key; else the master key, the broadcast key, the password, or the secret of high-level security",
      ),
    ),
    branchId: Type.Optional(Id("Devices of this branch and those below it; all when absent")),
  },
  closed,
);
export const KeyChangeBegun = Type.Object(
  { keyWorkId: BigId("Change of keys"), total: Whole("Devices that have the keys for it") },
  closed,
);
export const KeyWorkParams = Type.Object({ keyWorkId: BigId("Change of keys") }, closed);

export const KeyFileExport = Type.Object(
  {
    recipients: Type.Array(Text("Who may open it: age1…", { pattern: "^age1[a-z0-9]{20,4000}$" }), {
      minItems: 1,
      maxItems: 10,
    }),
    branchId: Type.Optional(Id("Devices of this branch and those below it; all when absent")),
  },
  closed,
);
export const KeyFileImport = Type.Object(
  {
    file: Text("The file, base64; encrypted to `recipient` of the overview", {
      maxLength: 1_000_000,
      pattern: "^[A-Za-z0-9+/]+={0,2}$",
    }),
  },
  closed,
);
export const KeyFileImported = Type.Object(
  {
    devices: Whole("Devices of ours that it names"),
    keys: Whole("Keys that are new"),
    unknown: Type.Array(Text("Identity that no device has"), { maxItems: 100 }),
  },
  closed,
);
