import type { SecretKind } from "@energsys/metering";
import Type from "typebox";
import { BigId, closed, Id, Instant, OneOf, Text, Whole, Yes } from "./basics.ts";

const Url = Text(
  "Device URL, such as dlms+tcp://host:4059?client=16 (docs: device URLs); secrets in it are taken out and sealed",
  {
    minLength: 8,
    maxLength: 500,
  },
);
const sealed = "stored sealed, never given out";
const key = (what: string) => Type.Optional(Text(`${what}, hexadecimal; ${sealed}`, { maxLength: 192 }));
const word = (what: string) => Type.Optional(Text(`${what}; ${sealed}`, { minLength: 1, maxLength: 132 }));
/** The kinds of `DeviceSecret`. */
const secrets = {
  password: word("Password for low-level security or programming mode"),
  hlsSecret: word(
    "Secret of high-level security by MD5, SHA-1, SHA-256 or the maker's way; text, or `hex:` and digits",
  ),
  encryptionKey: key("Global unicast encryption key, 16 or 32 bytes"),
  authenticationKey: key("Authentication key, as long as the encryption key"),
  masterKey: key("Master key of the meter, which wraps new keys on their way to it"),
  broadcastKey: key("Global broadcast encryption key"),
  signingKey: key("Private key that the head-end signs with"),
  meterPublicKey: key("Public key of the meter"),
} satisfies Readonly<Record<SecretKind, unknown>>;
/** A ratio of 0 would make every reading nothing. */
const ratio = { pattern: "^(?=.*[1-9])\\d{1,6}(\\.\\d{1,6})?$" };

export const TrialRequest = Type.Object({ url: Url, ...secrets }, closed);

export const NewDevice = Type.Object(
  {
    url: Url,
    ...secrets,
    identity: Text("What the device claims to be", { minLength: 1, maxLength: 100 }),
    model: Text("Meter model", { minLength: 1, maxLength: 100 }),
    manufacturer: Text("Manufacturer", { maxLength: 100 }),
    serial: Text("Serial number of the meter", { minLength: 1, maxLength: 100 }),
    pod: Text("Code of the point of delivery", { minLength: 1, maxLength: 60, pattern: "^\\S+$" }),
    name: Text("Name of the point", { maxLength: 200 }),
    address: Text("Address of the location", { minLength: 1, maxLength: 300 }),
    branch: Type.Array(Text("Name of a branch", { minLength: 1, maxLength: 100 }), {
      minItems: 1,
      maxItems: 16,
      description: "Branch and those above it, from the top down; missing ones are made",
    }),
    phases: Type.Unsafe<1 | 3>({ type: "integer", enum: [1, 3], description: "1 or 3" }),
    ctRatio: Text("Current transformer ratio", ratio),
    vtRatio: Text("Voltage transformer ratio", ratio),
    installedAt: Type.Optional(
      Instant(
        "When the meter was installed here; readings from before are not the point's. 400 days ago when absent",
      ),
    ),
    primaryValues: Yes("The meter shows primary values: the ratios are not applied"),
  },
  closed,
);
export const DeviceAdded = Type.Object(
  { pointId: Id("Point"), deviceId: Id("Device"), attemptId: BigId("First read, queued") },
  closed,
);

export const Health = Type.Object(
  {
    status: OneOf(["ready", "unready"], "Whether calls can be answered"),
    database: OneOf(["up", "down"], "Whether the database answers within a second"),
    listening: Yes("The live connection to the database stands"),
    streamClients: Whole("Open event streams"),
    uptimeSeconds: Whole("Seconds since the start"),
    version: Text("Version of this server"),
  },
  closed,
);
