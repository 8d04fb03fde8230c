import { openKeyTransfer } from "@energsys/protocols/cosem";
import { data } from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import { type CosemObject, done, failed } from "../dlms/cosem-object.ts";
import type { DeviceKeys } from "../dlms/meter-device.ts";
import { octets } from "../dlms/values.ts";
import type { Visit } from "../dlms/visit.ts";
import { plain } from "./plain.ts";

export const securitySetupObis = "0-0:43.0.0*255";

const places = {
  unicast: "encryption",
  broadcast: "broadcast",
  authentication: "authentication",
  master: "master",
} as const satisfies Record<string, keyof DeviceKeys>;

/** Bits of version 1: requests authenticated and encrypted, answers too. */
const everythingProtected = 0x04 | 0x08 | 0x20 | 0x40;

const policyOf = ({ device }: Visit): number => {
  const kept = device.kept(`${securitySetupObis}/2`);
  if (kept?.type === "enum") return kept.value;
  return device.security?.ciphered ? everythingProtected : 0;
};

/** Class 64, version 1: policy, suite and titles; its keys are changed here and never read. */
export const securitySetup: CosemObject = {
  classId: 64,
  version: 1,
  obis: securitySetupObis,
  attributes: {
    2: (visit) => data.enum(policyOf(visit)),
    3: ({ device }) => data.enum(device.security?.suite ?? 0),
    4: ({ clientTitle }) => octets(clientTitle() ?? new Uint8Array(0)),
    5: ({ device }) => octets(device.security?.systemTitle ?? new Uint8Array(0)),
    6: () => data.array(),
  },
  methods: {
    // A policy can only become stricter (IEC 62056-6-2, security_activate).
    1: (visit, parameters) => {
      if (parameters?.type !== "enum") return failed("type-unmatched");
      const policy = policyOf(visit);
      if ((parameters.value & policy) !== policy || parameters.value > 0xff) return failed("other-reason");
      visit.device.keep(`${securitySetupObis}/2`, parameters);
      return done;
    },
    2: ({ device }, parameters) => {
      const keys = openKeyTransfer(parameters, device.keys.master, nodeCiphers);
      if (!keys) return failed("other-reason");
      device.changeKeys(Object.fromEntries(keys.map(({ name, key }) => [places[name], key.slice()])));
      device.meter.record("key-changed");
      return done;
    },
  },
};

/** The counter of the client's last good message: a client that lost its own goes on with one more. */
export const invocationCounter: CosemObject = plain(
  "0-0:43.1.0*255",
  ({ device }) => data.uint32(device.counters.received() ?? 0),
  true,
);
