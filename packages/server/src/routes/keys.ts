import {
  cancelKeyWork,
  countDataKeys,
  countMeterKeys,
  exportKeys,
  findBranchDevices,
  findKeyRecipient,
  findPointDevice,
  hasPoint,
  importKeys,
  type KeyRing,
  listKeyWork,
  listMeterKeys,
  queueAttempt,
  queueKeyRolls,
  rollGroups,
  rollKinds,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";

const isoOrNull = (ms: number | null) => (ms === null ? null : iso(ms));

function need(keyRing: KeyRing | undefined): KeyRing {
  if (!keyRing) throw new Problem("device.no-key");
  return keyRing;
}

/** Keys of the installation and of its devices: states, fingerprints and files for others, never a key. */
export const keyHandlers: Handlers<
  | "getKeys"
  | "listPointKeys"
  | "requestKeyChange"
  | "createKeyChange"
  | "cancelKeyChange"
  | "exportKeyFile"
  | "importKeyFile"
> = {
  async getKeys({ services: { db, keyRing } }) {
    const ring = need(keyRing);
    const [master, dataKeys, meterKeys, work, recipient] = [
      await ring.master(),
      await countDataKeys(db),
      await countMeterKeys(db),
      await listKeyWork(db),
      await findKeyRecipient(db, ring),
    ];
    return {
      master,
      recipient,
      dataKeys: dataKeys.map((row) => ({ ...row, current: row.master === master })),
      meterKeys: meterKeys.map(({ oldestAtMs, ...row }) => ({ ...row, oldestAt: isoOrNull(oldestAtMs) })),
      work: work.map(({ startedAtMs, ...row }) => ({ ...row, startedAt: iso(startedAtMs) })),
    };
  },

  async listPointKeys({ params: { pointId }, scope, services: { db } }) {
    if (!(await hasPoint(db, scope, pointId))) throw new Problem("point.not-found");
    const device = await findPointDevice(db, pointId);
    const rows = device ? await listMeterKeys(db, [device.deviceId]) : [];
    return {
      rows: rows.map(({ deviceId: _, createdAtMs, activatedAtMs, endedAtMs, ...row }) => ({
        ...row,
        createdAt: iso(createdAtMs),
        activatedAt: isoOrNull(activatedAtMs),
        endedAt: isoOrNull(endedAtMs),
      })),
    };
  },

  async requestKeyChange({ params: { pointId }, scope, caller, services: { db } }) {
    if (!(await hasPoint(db, scope, pointId))) throw new Problem("point.not-found");
    const device = await findPointDevice(db, pointId);
    if (!device?.enabled) throw new Problem("point.no-device");
    const attemptId = await queueAttempt(db, {
      deviceId: device.deviceId,
      cause: "key-change",
      request: { keys: rollKinds },
      requestedBy: caller.account.name,
    });
    return { attemptId };
  },

  async createKeyChange({ body, caller, services: { db } }) {
    const { deviceIds, name } = await findBranchDevices(db, body.branchId);
    const kinds = rollGroups[body.what ?? "cipher"];
    return queueKeyRolls(db, { deviceIds, kinds, subject: name, by: caller.account.name });
  },

  async cancelKeyChange({ params, services: { db } }) {
    await cancelKeyWork(db, params.keyWorkId);
    return { accepted: true };
  },

  async exportKeyFile({ body, reply, services: { db, keyRing } }) {
    const { deviceIds } = await findBranchDevices(db, body.branchId);
    const { file } = await exportKeys(db, need(keyRing), { recipients: body.recipients, deviceIds });
    return reply
      .header("content-disposition", 'attachment; filename="keys.age"')
      .header("cache-control", "no-store")
      .type("application/octet-stream")
      .send(Buffer.from(file));
  },

  async importKeyFile({ body, caller, services: { db, keyRing } }) {
    const file = new Uint8Array(Buffer.from(body.file, "base64"));
    const { unknown, ...counts } = await importKeys(db, need(keyRing), file, { by: caller.account.name });
    return { ...counts, unknown: unknown.slice(0, 100) };
  },
};
