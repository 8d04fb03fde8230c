import {
  acceptExchange,
  adoptMeters,
  because,
  findConcentrator,
  type Language,
  listConcentrators,
} from "@energsys/store";
import { byteOrderMark, csvLine, sendCsv, whole } from "../csv.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";
import { demand } from "../security/demand.ts";
import { type Word, word } from "../words.ts";

const headLine = (heads: readonly Word[], language: Language): string =>
  byteOrderMark +
  csvLine(
    heads.map((head) => word(head, language)),
    language,
  );

/** The work list of a concentrator's meters, and its lists as files. */
export const equipmentMeterHandlers: Handlers<
  "adoptMeters" | "acceptExchange" | "exportConcentrators" | "exportGatewayMeters"
> = {
  async adoptMeters({ params, body, scope, caller, services }) {
    const { db, now } = services;
    const found = await findConcentrator(db, scope, params.gatewayId);
    if (!found) throw new Problem("gateway.not-found");
    // It makes points and devices as *Add a device* does.
    await demand(
      services,
      caller,
      "devices.change",
      found.branchId === null ? "network" : { branchId: found.branchId, supplierId: null },
    );
    const meters = await orProblem(
      adoptMeters(db, scope, params.gatewayId, {
        meters: body.meters,
        by: caller.account.name,
        nowMs: now(),
        dryRun: body.dryRun ?? false,
        address: found.address ?? found.branch.join(", "),
      }),
    );
    return { meters };
  },

  async acceptExchange({ params, body, scope, caller, services: { db, zone, now } }) {
    const { reason, at, accepted = [], ...given } = body;
    const atMs = Date.parse(at);
    if (atMs > now()) throw new Problem("input.invalid", { fields: { "/at": "Not an instant of the past" } });
    return orProblem(
      acceptExchange(
        because(db, reason),
        scope,
        params.gatewayId,
        { ...given, atMs, accepted, reason, by: caller.account.name },
        { nowMs: now(), zone },
      ),
    );
  },

  async exportConcentrators({ query, scope, caller, services: { db, limits }, reply }) {
    const { q, branch, state } = query;
    const { total, rows } = await listConcentrators(
      db,
      scope,
      {
        ...(q === undefined ? {} : { text: q }),
        ...(branch === undefined ? {} : { branchId: branch }),
        ...(state === undefined ? {} : { state }),
      },
      { offset: 0, limit: limits.exportRowsMax },
    );
    if (total > limits.exportRowsMax) throw new Problem("export.too-large");
    const { language } = caller.account;
    const heads = [
      "name",
      "identity",
      "branch",
      "address",
      "state",
      "lastContact",
      "supply",
      "meters",
      "missingMeters",
      "differences",
      "entriesWaiting",
      "firmware",
    ] as const;
    const lines = rows.map((row) =>
      csvLine(
        [
          row.name,
          row.identity,
          row.branch.join(" › "),
          row.address,
          word(row.state, language),
          iso(row.lastContactAt),
          row.supply,
          whole(row.meters),
          whole(row.missing),
          whole(row.differences),
          whole(row.entriesWaiting),
          row.firmware,
        ],
        language,
      ),
    );
    return sendCsv(reply, "concentrators", [headLine(heads, language), ...lines]);
  },

  async exportGatewayMeters({ params, scope, caller, services: { db }, reply }) {
    const found = await findConcentrator(db, scope, params.gatewayId);
    if (!found) throw new Problem("gateway.not-found");
    const { language } = caller.account;
    const open = Map.groupBy(found.openDifferences, ({ logicalDevice }) => logicalDevice);
    const heads = [
      "logicalDevice",
      "serial",
      "model",
      "line",
      "address",
      "module",
      "input",
      "state",
      "lastContact",
      "pod",
      "differences",
    ] as const;
    const lines = found.meterList.map((meter) =>
      csvLine(
        [
          whole(meter.logicalDevice),
          meter.name,
          meter.model,
          meter.line,
          meter.address,
          meter.module === null ? null : whole(meter.module),
          meter.input === null ? null : whole(meter.input),
          word(meter.state === "missing" ? "missingMeter" : meter.state, language),
          iso(meter.lastContactAt),
          meter.pod,
          (open.get(meter.logicalDevice) ?? [])
            .map(({ kind }) => word(kind === "missing" ? "missingMeter" : kind, language))
            .join(", "),
        ],
        language,
      ),
    );
    return sendCsv(reply, found.identity, [headLine(heads, language), ...lines]);
  },
};
