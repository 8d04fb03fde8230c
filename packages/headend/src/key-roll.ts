import {
  type DeviceKeys,
  type DlmsSession,
  type DlmsUrl,
  errorCode,
  type ReadOptions,
  type ReadRequest,
  withDlms,
} from "@energsys/drivers";
import type { MeterModel } from "@energsys/metering/models";
import { LinkError, type ObisCode } from "@energsys/protocols";
import { keyTransfer } from "@energsys/protocols/cosem";
import { DlmsClient } from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import { beginKeyRoll, finishKeyRoll, openMeterKeys, type RollKind, withdrawKeyRoll } from "@energsys/store";
import { HeadendError } from "./errors.ts";
import { type KeySource, openDeviceKeys } from "./secrets.ts";

export interface KeyRollWork {
  readonly deviceId: number;
  readonly url: DlmsUrl;
  readonly kinds: readonly RollKind[];
  readonly by: string | undefined;
}

interface Meter {
  readonly identity: string;
  readonly model: MeterModel;
  readonly zone: string;
}

/** Where meters have their security setup, when the association does not say (IEC 62056-6-2, class 64). */
const usualSetup: ObisCode = "0-0:43.0.0*255";

/**
 * Changes keys of a meter (class 64, key_transfer): the NEW ones are committed, then sent wrapped by the meter's master key, then
 * proven by an association that reads with them, and only then they take the place of the old ones, in one transaction.
 * It may be cut anywhere: then both stay, and whoever comes next tries the old ones and then the new ones.
 * @throws HeadendError `key.refused` (given up, the old ones proven), `key.not-taken` and `key.unproven` (both stay),
 * `key.no-master`, `key.no-proof`, `secret.no-key`; StoreError `key.none-active`; what breaks the line
 */
export async function rollKeys(
  work: KeyRollWork,
  meter: Meter,
  options: ReadOptions,
  source: KeySource,
): Promise<void> {
  const { deviceId, url, kinds, by } = work;
  const { db, keyRing } = source;
  if (!keyRing) throw new HeadendError("secret.no-key", "this head-end has no master key");
  if (url.protection === "none" && url.authentication !== "gmac")
    throw new HeadendError(
      "key.no-proof",
      "the association uses no keys: new ones could not be proven by it",
    );
  const wrappedBy = (await openMeterKeys(db, keyRing, deviceId)).find(
    ({ kind, state }) => kind === "master" && state === "ACTIVE",
  )?.value;
  if (!wrappedBy)
    throw new HeadendError("key.no-master", "the meter's master key is not known: it wraps new ones");

  await beginKeyRoll(db, keyRing, { deviceId, kinds, ...(by === undefined ? {} : { by }) });
  const [active, fresh] = await openDeviceKeys(source, deviceId);
  if (!active || !fresh) throw new Error("a change of keys was begun and has no new keys");
  const within = <Result>(keys: DeviceKeys, then: (dlms: DlmsSession) => Promise<Result>) => {
    const request: ReadRequest = { ...meter, keys };
    return withDlms(url, request, options, then);
  };
  const finish = async () => {
    options.onStage?.("keys-proven");
    await finishKeyRoll(db, deviceId);
  };

  let answer: string | undefined;
  try {
    answer = await within(active.keys, async (dlms) => {
      const keys = (await openMeterKeys(db, keyRing, deviceId)).flatMap(({ kind, state, value }) =>
        state === "NEW" && (kind === "unicast" || kind === "authentication")
          ? [{ name: kind, key: value.reveal() }]
          : [],
      );
      const setup = await setupOf(dlms);
      options.onStage?.("keys-sent");
      return send(dlms, setup, keyTransfer(keys, wrappedBy.reveal(), nodeCiphers));
    });
  } catch (error) {
    if (options.signal?.aborted || isUnreached(error)) throw error;
    // The old keys open nothing, or the answer was lost: the new ones say which.
  } finally {
    wrappedBy.wipe();
  }
  try {
    await within(fresh.keys, async () => {});
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw await withOldKeys(answer, cause);
  }
  await finish();

  /** The new keys open nothing. Are the old ones still good? */
  async function withOldKeys(refusal: string | undefined, cause: unknown): Promise<HeadendError> {
    try {
      await within(active!.keys, async () => {});
    } catch (error) {
      return new HeadendError(
        "key.unproven",
        `neither the old keys nor the new ones open it: ${errorCode(error)}`,
        cause,
      );
    }
    if (refusal === undefined || refusal === "success")
      return new HeadendError("key.not-taken", "the meter still has the old keys; both stay known", cause);
    await withdrawKeyRoll(db, deviceId);
    return new HeadendError("key.refused", `the meter refuses new keys: ${refusal}`, cause);
  }
}

/** What the meter says to the keys; a lost or unreadable answer is `undefined`. */
async function send(
  { client }: DlmsSession,
  setup: ObisCode,
  parameter: ReturnType<typeof keyTransfer>,
): Promise<string | undefined> {
  if (!(client instanceof DlmsClient))
    throw new HeadendError("key.no-transfer", "keys are changed by logical names only");
  try {
    const { actionResult } = await client.action({ classId: 64, obis: setup, method: 2 }, parameter);
    return actionResult;
  } catch (error) {
    if (error instanceof LinkError) return undefined;
    throw error;
  }
}

/** The security setup that this association names (class 15, attribute 9), else the usual one. */
async function setupOf(dlms: DlmsSession): Promise<ObisCode> {
  const named = await dlms.find(15, "0-0:40.0.0*255", 9);
  if (named?.type !== "octet-string" || named.bytes.length !== 6) return usualSetup;
  const [a, b, c, d, e, f] = named.bytes;
  return `${a}-${b}:${c}.${d}.${e}*${f}`;
}

/** Nobody was reached, or it was another device: its keys are not in question. */
const isUnreached = (error: unknown): boolean => /^(dial|serial|read|identity|key)\./.test(errorCode(error));
