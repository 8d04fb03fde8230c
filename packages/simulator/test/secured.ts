import type { ByteStream } from "@energsys/protocols";
import {
  type Authentication,
  type CounterKeeper,
  countersInMemory,
  DlmsClient,
  type SecuritySettings,
} from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import { WrapperLink } from "@energsys/protocols/wrapper";
import type { MeterDevice } from "../src/dlms/meter-device.ts";
import type { Fault } from "../src/faults.ts";
import { lineClock } from "../src/links/line-clock.ts";
import { openLine } from "../src/links/meter-line.ts";
import { drawSecurity, type MeterMechanism, type Suite } from "../src/meter/security.ts";
import { deviceOf, type MeterChanges, meterOf, nowMs, realClock, surroundings } from "./support.ts";

const clientTitle = Uint8Array.from(Buffer.from("TST\0\0\0\0\x01", "latin1"));

/** A connection to a meter without any socket; each call is a new one. */
export function connectTo(device: MeterDevice, fault?: Fault): ByteStream {
  const listeners: ((chunk: Uint8Array) => void)[] = [];
  const line = openLine(
    device,
    {
      write: (bytes) => {
        for (const listener of listeners) listener(bytes);
      },
      destroy: () => undefined,
    },
    lineClock(() => nowMs),
    fault,
  );
  return {
    write: (bytes) => line.receive(bytes),
    onBytes: (listener) => void listeners.push(listener),
    onEnd: () => undefined,
    close: () => undefined,
  };
}

export function securedDevice(
  mechanism: MeterMechanism,
  suite: Suite,
  ciphered: boolean,
  changes: MeterChanges = {},
  now: () => number = () => nowMs,
) {
  const security = drawSecurity({ key: 11, serial: "70100042" }, { mechanism, suite, ciphered });
  const meter = meterOf(
    "dlms-gmac",
    { security, relayMode: 2, password: "", ...changes },
    surroundings(),
    now,
  );
  return deviceOf(meter);
}

export interface Given {
  readonly keys?: { readonly encryption: Uint8Array; readonly authentication: Uint8Array };
  readonly counters?: CounterKeeper;
  readonly more?: Partial<SecuritySettings>;
  readonly secret?: string;
  readonly fault?: Fault;
}

export function associate(device: MeterDevice, given: Given = {}, conformance?: number): Promise<DlmsClient> {
  const { mechanism, suite, ciphered, secret, signing } = device.security!;
  const { encryption, authentication } = given.keys ?? device.keys;
  const security: SecuritySettings = {
    suite,
    level: ciphered ? "authenticated-encrypted" : "none",
    encryptionKey: encryption,
    authenticationKey: authentication,
    systemTitle: clientTitle,
    counters: given.counters ?? countersInMemory((device.counters.received() ?? 0) + 1),
    ciphers: nodeCiphers,
    ...given.more,
  };
  const high: Authentication = {
    kind: "high",
    mechanism,
    secret: given.secret ?? secret,
    ...(signing && {
      signing: {
        curve: suite === 2 ? "P-384" : "P-256",
        privateKey: signing.clientPrivateKey,
        peerKey: signing.publicKey,
      },
    }),
  };
  const link = new WrapperLink(connectTo(device, given.fault), realClock, {
    client: 1,
    server: 1,
    responseTimeoutMs: 500,
  });
  return DlmsClient.associate(link, {
    authentication: high,
    security,
    ...(conformance !== undefined && { conformance }),
  });
}

export const publicClient = (device: MeterDevice) =>
  DlmsClient.associate(
    new WrapperLink(connectTo(device), realClock, { client: 16, server: 1, responseTimeoutMs: 500 }),
    { authentication: { kind: "none" } },
  );
