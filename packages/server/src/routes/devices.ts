import { findMeterModel } from "@energsys/metering/models";
import {
  findAdded,
  findTaken,
  importInventory,
  joinFirstPlan,
  notify,
  queueAttempt,
  sealSecret,
  trialPasswordContext,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";

/** What a device is read by when no reading plan exists yet. */
const firstPlan = { name: "15 min", everySeconds: 900, backfillDays: 40 };

const schemes = /^(?:(?:dlms|dlms\+hdlc|iec62056-21|p1)\+tcp|(?:dlms\+hdlc|iec62056-21|p1)\+serial):/;
const secretNames = /^(?:password|ek|ak|dk)$/i;

/** The URL without its password, which belongs sealed; the password from whichever place it stands in. */
function splitUrl(given: { url: string; password?: string }): { url: string; password: string | undefined } {
  const refuse = (message: string) => new Problem("input.invalid", { fields: { "/url": message } });
  const url = given.url.trim();
  if (!schemes.test(url))
    throw refuse("Not a device URL: dlms+tcp://host:port, iec62056-21+tcp://host:port …");
  const parsed = URL.parse(url);
  if (!parsed || /[\\#]/.test(url)) throw refuse("Not a URL");
  const query = url.indexOf("?");
  const path = query < 0 ? url : url.slice(0, query);
  if (/\/\/[^/]*@/.test(path)) throw refuse("A password goes into the field for it");
  const parameters = query < 0 ? [] : url.slice(query + 1).split("&");
  // Read as the head-end reads it, or `pass%77ord=` would slip through in the clear.
  const nameOf = (part: string) => new URLSearchParams(part).keys().next().value ?? "";
  const kept = parameters.filter((part) => part !== "" && nameOf(part) !== "password");
  if (
    parsed.searchParams.getAll("password").length > 1 ||
    kept.some((part) => secretNames.test(nameOf(part)))
  )
    throw refuse("Keys do not belong into the URL");
  return {
    url: kept.length === 0 ? path : `${path}?${kept.join("&")}`,
    password: given.password ?? parsed.searchParams.get("password") ?? undefined,
  };
}

/** Nobody may know when the meter came: then all that its memory can hold counts as the point's (input limits: 400 days). */
function installedAtMs(given: string | undefined, nowMs: number): number {
  if (given === undefined) return nowMs - 400 * 86_400_000;
  const ms = Date.parse(given);
  if (Number.isNaN(ms) || ms > nowMs) {
    throw new Problem("input.invalid", { fields: { "/installedAt": "Not an instant of the past" } });
  }
  return ms;
}

export const deviceHandlers: Handlers<"createTrial" | "createDevice"> = {
  async createTrial({ body, caller, services: { db, masterKey } }) {
    const { url, password } = splitUrl(body);
    if (password !== undefined && !masterKey) throw new Problem("device.no-key");
    const secret =
      password === undefined
        ? {}
        : { secret: Buffer.from(sealSecret(masterKey!, trialPasswordContext, password)).toString("hex") };
    const attemptId = await queueAttempt(db, {
      cause: "trial",
      request: { url, ...secret },
      requestedBy: caller.account.name,
    });
    return { attemptId };
  },

  async createDevice({ body, caller, services }) {
    const { db, masterKey } = services;
    const { url, password } = splitUrl(body);
    if (password !== undefined && !masterKey) throw new Problem("device.no-key");
    const { manufacturer, serial, identity, model, pod, phases } = body;
    if (!findMeterModel(model)) throw new Problem("input.invalid", { fields: { "/model": "No such model" } });
    const taken = await findTaken(db, { identity, pod, manufacturer, serial });
    if (taken.length > 0) {
      const fields = Object.fromEntries(taken.map((what) => [`/${what}`, "There already"]));
      throw new Problem("device.exists", { fields });
    }
    await importInventory(
      db,
      {
        branches: [],
        points: [
          {
            pod,
            name: body.name,
            address: body.address,
            branch: body.branch,
            phases,
            meter: { serial, manufacturer, model, phases },
            installedAt: iso(installedAtMs(body.installedAt, services.now())),
            ctRatio: body.ctRatio,
            vtRatio: body.vtRatio,
            primaryValues: body.primaryValues,
            device: {
              identity,
              model,
              url,
              direction: "dial",
              ...(password === undefined ? {} : { password }),
            },
          },
        ],
      },
      masterKey ? { masterKey } : {},
    );
    const added = await findAdded(db, { identity, pod });
    // Somebody added one of the codes between the look and the write.
    if (!added) throw new Problem("device.exists");
    await joinFirstPlan(db, { deviceId: added.deviceId, plan: firstPlan, nowMs: services.now() });
    await notify(db, "energsys_work", { type: "devices-changed" });
    const attemptId = await queueAttempt(db, {
      deviceId: added.deviceId,
      cause: "read-now",
      requestedBy: caller.account.name,
    });
    return { ...added, attemptId };
  },
};
