import {
  addFitting,
  addLocation,
  addPoint,
  appendActs,
  because,
  changeLocation,
  type Database,
  endFitting,
  findLocation,
  findLocationIds,
  type Language,
  type LocationFilter,
  type LocationSort,
  readLocationRows,
  type Scope,
  undoLocationChange,
  withdrawFitting,
} from "@energsys/store";
import { byteOrderMark, csvLine, sendCsv, whole } from "../csv.ts";
import type { Handlers } from "../handlers.ts";
import { iso, pastInstant } from "../instants.ts";
import { onInstant } from "../on-instant.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";
import { word } from "../words.ts";

const exportBatch = 5_000;

interface Asked {
  readonly q?: string;
  readonly branch?: number;
  readonly seal?: NonNullable<LocationFilter["seal"]>;
  readonly sort?: LocationSort;
  readonly descending?: boolean;
}
const filterOf = ({ q, branch, seal }: Asked): LocationFilter => ({
  ...(q === undefined ? {} : { text: q }),
  ...(branch === undefined ? {} : { branchId: branch }),
  ...(seal === undefined ? {} : { seal }),
});
const orderOf = ({ sort = "address", descending = false }: Asked) => ({ sort, descending });

async function* locationLines(
  db: Database,
  scope: Scope,
  locationIds: readonly number[],
  language: Language,
): AsyncGenerator<string> {
  const heads = [
    "code",
    "address",
    "branch",
    "points",
    "enclosure",
    "wallMm",
    "seals",
    "sealState",
    "ratedCurrent",
  ] as const;
  yield byteOrderMark +
    csvLine(
      heads.map((head) => word(head, language)),
      language,
    );
  for (let start = 0; start < locationIds.length; start += exportBatch) {
    const rows = await readLocationRows(db, scope, locationIds.slice(start, start + exportBatch));
    yield rows
      .map((row) =>
        csvLine(
          [
            row.code,
            row.address,
            row.branch.join(" › "),
            whole(row.points),
            row.material === null ? null : word(`material-${row.material}` as "material-steel", language),
            row.wallMm,
            whole(row.seals),
            word(`seal-${row.sealState}`, language),
            row.ratedCurrentA,
          ],
          language,
        ),
      )
      .join("");
  }
}

export const placeHandlers: Handlers<
  | "listLocations"
  | "exportLocations"
  | "addLocation"
  | "getLocation"
  | "changeLocation"
  | "undoLocationChange"
  | "addPoint"
  | "addFitting"
  | "endFitting"
  | "withdrawFitting"
> = {
  async listLocations({ query, scope, services: { db } }) {
    const { offset = 0, limit = 100 } = query;
    const { total, locationIds } = await findLocationIds(db, scope, filterOf(query), orderOf(query), {
      offset,
      limit,
    });
    const rows = await readLocationRows(db, scope, locationIds);
    return { total, rows: rows.map((row) => ({ ...row, branch: [...row.branch] })) };
  },

  async exportLocations({ query, scope, services: { db, limits }, caller, reply }) {
    const { total, locationIds } = await findLocationIds(db, scope, filterOf(query), orderOf(query), {
      offset: 0,
      limit: limits.exportRowsMax + 1,
    });
    if (total > limits.exportRowsMax) {
      throw new Problem("export.too-large", {
        detail: `${total} rows match, at most ${limits.exportRowsMax} fit`,
      });
    }
    await appendActs(db, [
      {
        action: "export",
        objectType: "location",
        records: total,
        after: { filter: { ...query, q: undefined } },
      },
    ]);
    return sendCsv(reply, "locations", locationLines(db, scope, locationIds, caller.account.language));
  },

  async addLocation({ body: { reason, ...facts }, scope, services: { db } }) {
    return { locationId: await orProblem(addLocation(because(db, reason), scope, facts)) };
  },

  async getLocation({ params, query, scope, services: { db, zone } }) {
    const onMs = query.on === undefined ? undefined : onInstant(query.on, zone);
    const location = await findLocation(db, scope, params.locationId, onMs === undefined ? {} : { onMs });
    if (!location) throw new Problem("location.not-found");
    const { fittings, points, versions, ...state } = location;
    return {
      ...state,
      branch: [...state.branch],
      from: iso(state.from),
      on: iso(onMs ?? null),
      fittings: fittings.map((each) => ({ ...each, from: iso(each.from), to: iso(each.to) })),
      points: [...points],
      versions: versions.map((each) => ({
        ...each,
        branch: [...each.branch],
        from: iso(each.from),
        to: iso(each.to),
      })),
    };
  },

  async changeLocation({
    params,
    body: { from, groups, reason, ...facts },
    scope,
    caller,
    services: { db, now },
  }) {
    const given = { fromMs: pastInstant(from, now(), "/from"), groups, reason, by: caller.account.name };
    const changed = await orProblem(
      changeLocation(because(db, reason), scope, params.locationId, facts, given),
    );
    return { changed };
  },

  async undoLocationChange({ params, body: { reason }, scope, caller, services: { db } }) {
    const given = { reason, by: caller.account.name };
    await orProblem(undoLocationChange(because(db, reason), scope, params.locationId, given));
    return undefined;
  },

  async addPoint({ params, body: { reason, ...point }, scope, services: { db } }) {
    return { pointId: await orProblem(addPoint(because(db, reason), scope, params.locationId, point)) };
  },

  async addFitting({ params, body: { at, ...given }, scope, caller, services: { db, now } }) {
    checkFacts(given);
    const nowMs = now();
    const fromMs = pastInstant(at, nowMs, "/at");
    const fitting = { ...given, fromMs, nowMs, by: caller.account.name };
    return {
      fittingId: await orProblem(addFitting(because(db, given.reason), scope, params.locationId, fitting)),
    };
  },

  async endFitting({ params, body: { at, ...given }, scope, caller, services: { db, now } }) {
    const nowMs = now();
    const end = { ...given, atMs: pastInstant(at, nowMs, "/at"), nowMs, by: caller.account.name };
    await orProblem(endFitting(because(db, given.reason), scope, params, end));
    return undefined;
  },

  async withdrawFitting({ params, body: { reason }, scope, caller, services: { db } }) {
    const given = { why: reason, by: caller.account.name };
    await orProblem(withdrawFitting(because(db, reason), scope, params, given));
    return undefined;
  },
};

const ofKind: Readonly<Record<string, readonly string[]>> = {
  enclosure: ["material", "wallMm", "locks", "keyMark", "ipClass"],
  breaker: ["ratedCurrentA", "poles", "residualCurrentMa", "characteristic"],
  fuse: ["ratedCurrentA", "poles", "characteristic"],
  rcd: ["ratedCurrentA", "poles", "residualCurrentMa", "characteristic"],
  surge: ["ratedCurrentA", "poles", "characteristic"],
  seal: ["number"],
};
const facts = [...new Set(Object.values(ofKind).flat())];

/** @throws Problem `input.invalid` for a fact that is none of this kind, or one that is missing */
function checkFacts(given: { readonly kind: string } & Readonly<Record<string, unknown>>): void {
  const fields: Record<string, string> = {};
  for (const name of facts) {
    if (given[name] !== null && !ofKind[given.kind]?.includes(name))
      fields[`/${name}`] = `Not of a ${given.kind}`;
  }
  for (const name of given.kind === "enclosure" ? ["material"] : given.kind === "seal" ? ["number"] : []) {
    if (given[name] === null) fields[`/${name}`] = "It is needed";
  }
  if (Object.keys(fields).length > 0) throw new Problem("input.invalid", { fields });
}
