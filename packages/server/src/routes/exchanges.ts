import { findMeterModel } from "@energsys/metering/models";
import {
  addPhoto,
  because,
  type Database,
  type ExchangeAsked,
  hasPoint,
  listExchanges,
  makeExchange,
  previewExchange,
  readPhoto,
  type Scope,
  undoExchange,
} from "@energsys/store";
import type { Body } from "../contract.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";

async function needPoint(db: Database, scope: Scope, pointId: number): Promise<void> {
  if (!(await hasPoint(db, scope, pointId))) throw new Problem("point.not-found");
}

/** What was asked, for the store. Two values of one register on one side would be two answers to one question. */
function askedOf(pointId: number, body: Body<"checkExchange">): ExchangeAsked {
  const { at, meter, last, first, ledPulsesPerKwh, outputPulseWh, identity } = body;
  const fields: Record<string, string> = {};
  for (const [path, readings] of [["/last", last] as const, ["/first", first] as const]) {
    if (new Set(readings.map(({ obis }) => obis)).size < readings.length)
      fields[path] = "A register is there twice";
  }
  for (const [path, constant] of Object.entries({
    "/ledPulsesPerKwh": ledPulsesPerKwh,
    "/outputPulseWh": outputPulseWh,
  })) {
    if (constant !== undefined && Number(constant) <= 0) fields[path] = "Must be above zero";
  }
  if (meter.model !== undefined && !findMeterModel(meter.model)) fields["/meter/model"] = "No such model";
  if (Object.keys(fields).length > 0) throw new Problem("input.invalid", { fields });
  return {
    pointId,
    atMs: Date.parse(at),
    meter,
    last,
    first,
    ...(ledPulsesPerKwh === undefined ? {} : { ledPulsesPerKwh }),
    ...(outputPulseWh === undefined ? {} : { outputPulseWh }),
    ...(identity === undefined ? {} : { identity }),
  };
}

/** Exchanges of meters: looked at, made, taken back, with their pictures. */
export const exchangeHandlers: Handlers<
  | "listExchanges"
  | "checkExchange"
  | "makeExchange"
  | "undoExchange"
  | "addExchangePhoto"
  | "getExchangePhoto"
> = {
  async listExchanges({ params: { pointId }, scope, services: { db } }) {
    await needPoint(db, scope, pointId);
    const rows = await listExchanges(db, pointId);
    return {
      rows: rows.map(({ atMs, madeAtMs, undoneAtMs, last, first, doubts, photos, ...row }) => ({
        ...row,
        at: iso(atMs),
        madeAt: iso(madeAtMs),
        undoneAt: iso(undoneAtMs),
        last: last.map((one) => ({ ...one })),
        first: first.map((one) => ({ ...one })),
        doubts: [...doubts],
        photos: photos.map(({ addedAtMs, ...photo }) => ({ ...photo, addedAt: iso(addedAtMs) })),
      })),
    };
  },

  async checkExchange({ params: { pointId }, body, scope, services: { db, now, zone } }) {
    await needPoint(db, scope, pointId);
    const preview = await previewExchange(db, askedOf(pointId, body), { nowMs: now(), zone });
    return {
      ...preview,
      stock: preview.stock && { ...preview.stock },
      doubts: [...preview.doubts],
      findings: preview.findings.map(({ atMs, ...finding }) => ({ ...finding, at: iso(atMs) })),
      steps: preview.steps.map(({ beforeAtMs, ...step }) => ({ ...step, beforeAt: iso(beforeAtMs) })),
      effects: preview.effects.map(({ startMs, before, after, flags, ...effect }) => ({
        ...effect,
        start: iso(startMs),
        before: [...before],
        after: [...after],
        flags: [...flags],
      })),
    };
  },

  async makeExchange({ params: { pointId }, body, scope, caller, services: { db, now, zone } }) {
    await needPoint(db, scope, pointId);
    const { fittedBy, reason, accepted, ratios } = body;
    if (ratios && !(Number(ratios.ctRatio) > 0 && Number(ratios.vtRatio) > 0)) {
      throw new Problem("input.invalid", { fields: { "/ratios": "Must be above zero" } });
    }
    const { account } = caller;
    return orProblem(
      makeExchange(
        because(db, reason),
        askedOf(pointId, body),
        {
          fittedBy,
          reason,
          accepted,
          by: { name: account.name, accountId: account.accountId },
          ...(ratios ? { ratios } : {}),
        },
        { nowMs: now(), zone },
      ),
    );
  },

  async undoExchange({ params: { exchangeId }, body, scope, caller, services: { db, now, zone } }) {
    return orProblem(
      undoExchange(
        because(db, body.reason),
        scope,
        exchangeId,
        { by: caller.account.name, reason: body.reason },
        { nowMs: now(), zone },
      ),
    );
  },

  async addExchangePhoto({ params: { exchangeId }, body, scope, caller, services: { db, now } }) {
    return orProblem(
      addPhoto(
        db,
        scope,
        exchangeId,
        { fileName: body.fileName, bytes: Buffer.from(body.content, "base64") },
        { by: caller.account.name, nowMs: now() },
      ),
    );
  },

  async getExchangePhoto({ params: { photoId }, scope, services: { db }, reply }) {
    const photo = await readPhoto(db, scope, photoId);
    if (!photo) throw new Problem("photo.not-found");
    return reply
      .header("content-type", photo.media)
      .header("cache-control", "private, max-age=86400, immutable")
      .send(photo.bytes);
  },
};
