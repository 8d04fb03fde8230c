import {
  type DeviceSecret,
  faultsOfSecret,
  findSecret,
  type SecretKind,
  secretKinds,
} from "@energsys/metering";
import { findMeterModel } from "@energsys/metering/models";
import {
  type Branch,
  findAdded,
  findTaken,
  importInventory,
  joinFirstPlan,
  type KeyRing,
  notify,
  queueAttempt,
  readBranches,
  sealTrialSecret,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { demand } from "../security/demand.ts";
import type { Services } from "../services.ts";
import { demandAllowed } from "./networks.ts";

/** What a device is read by when no reading plan exists yet. */
const firstPlan = { name: "15 min", everySeconds: 900, backfillDays: 40 };

/** Where DLMS devices listen, unless told. */
const dlmsPort = 4059;

const schemes =
  /^(?:(?:dlms|dlms\+hdlc|iec62056-21|p1)\+tcp|dlms\+udp|(?:dlms\+hdlc|iec62056-21|p1)\+serial|(?:dlms\+hdlc|iec62056-21)\+modem(?:\+tcp)?):/;
const kinds = Object.entries(secretKinds) as [SecretKind, { readonly parameter: string }][];

/** Where a URL leads that dials; serial ports and devices that call in lead nowhere. */
async function demandReachable(services: Services, url: string): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  if (hostname === "" || protocol.includes("+serial")) return;
  await demandAllowed(services, "devices", { host: hostname, port: Number(port || dlmsPort) });
}

const invalid = (path: string, message: string) =>
  new Problem("input.invalid", { fields: { [path]: message } });

/**
 * The URL without its secrets, which belong sealed, and the secrets from whichever place they stand in: their fields go before.
 * @throws Problem `input.invalid`, `device.no-key`
 */
function splitUrl(
  given: DeviceSecret & { readonly url: string },
  keyRing: KeyRing | undefined,
): { url: string; secret: DeviceSecret | undefined } {
  const url = given.url.trim();
  if (!schemes.test(url))
    throw invalid("/url", "Not a device URL: dlms+tcp://host:port, iec62056-21+tcp://host:port …");
  const parsed = URL.parse(url);
  if (!parsed || /[\\#]/.test(url)) throw invalid("/url", "Not a URL");
  const query = url.indexOf("?");
  const path = query < 0 ? url : url.slice(0, query);
  if (/\/\/[^/]*@/.test(path)) throw invalid("/url", "A password goes into the field for it");
  const parameters = query < 0 ? [] : url.slice(query + 1).split("&");
  // Read as the head-end reads it, or `pass%77ord=` would slip through in the clear.
  const nameOf = (part: string) => new URLSearchParams(part).keys().next().value ?? "";
  const found: { -readonly [Kind in SecretKind]?: string } = {};
  for (const [kind, { parameter }] of kinds) {
    const values = parsed.searchParams.getAll(parameter);
    if (values.length > 1) throw invalid("/url", `${parameter} stands in it twice`);
    const value = given[kind] ?? values[0];
    if (value !== undefined) found[kind] = value;
  }
  const secretNames = kinds.map(([, { parameter }]) => parameter);
  const kept = parameters.filter((part) => part !== "" && !secretNames.includes(nameOf(part)));
  if (kept.some((part) => secretNames.includes(nameOf(part).toLowerCase())))
    throw invalid("/url", "Names of secrets are written in small letters");
  const [fault] = Object.entries(faultsOfSecret(found));
  if (fault) throw invalid(`/${fault[0]}`, fault[1]);
  const secret = findSecret(found);
  if (secret && !keyRing) throw new Problem("device.no-key");
  return { url: kept.length === 0 ? path : `${path}?${kept.join("&")}`, secret };
}

/** The branch of a path that there is already, deepest first: what is below it is made under its rights. */
function deepestBranch(branches: ReadonlyMap<number, Branch>, path: readonly string[]): number | undefined {
  const ids = new Map([...branches.values()].map((branch) => [JSON.stringify(branch.path), branch.branchId]));
  for (let depth = path.length; depth > 0; depth--) {
    const id = ids.get(JSON.stringify(path.slice(0, depth)));
    if (id !== undefined) return id;
  }
  return undefined;
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
  async createTrial({ body, caller, services }) {
    const { db, keyRing } = services;
    const { url, secret } = splitUrl(body, keyRing);
    await demandReachable(services, url);
    const sealed = secret && (await sealTrialSecret(keyRing!, secret));
    const attemptId = await queueAttempt(db, {
      cause: "trial",
      request: { url, ...(sealed === undefined ? {} : { secret: sealed }) },
      requestedBy: caller.account.name,
    });
    return { attemptId };
  },

  async createDevice({ body, scope, caller, services }) {
    const { db, keyRing } = services;
    const under = deepestBranch(await readBranches(db), body.branch);
    const target = under === undefined ? "network" : { branchId: under, supplierId: null };
    await demand(services, caller, "devices.change", target);
    const { url, secret } = splitUrl(body, keyRing);
    await demandReachable(services, url);
    const { manufacturer, serial, identity, model, pod, phases } = body;
    if (!findMeterModel(model)) throw new Problem("input.invalid", { fields: { "/model": "No such model" } });
    const taken = await findTaken(db, scope, { identity, pod, manufacturer, serial });
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
              ...secret,
            },
          },
        ],
      },
      keyRing ? { keyRing } : {},
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
