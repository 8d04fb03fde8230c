import {
  countPoints,
  type Database,
  findLocationIds,
  findLooseMeters,
  findPoint,
  findPointChain,
  findPointIds,
  findPulseFigures,
  hasPoint,
  listModems,
  listSims,
  type PointFilter,
  type PointOrder,
  type PointRow,
  readLocationRows,
  readPointRows,
  searchPoints,
} from "@energsys/store";
import type { Query } from "../contract.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { onInstant } from "../on-instant.ts";
import { Problem } from "../problem.ts";
import type { Right } from "../security/catalogue.ts";
import { type Rights, scopeOf } from "../security/rights.ts";

export const rowAnswer = (row: PointRow) => ({
  ...row,
  branch: [...row.branch],
  lastContactAt: iso(row.lastContactAt),
  lastIndex: row.lastIndex && { ...row.lastIndex, measuredAt: iso(row.lastIndex.measuredAt) },
});

/** Filter and order of a list's address. */
export function listOf(query: Query<"exportPoints">): { filter: PointFilter; order: PointOrder } {
  const { q, branch, state, model, sort, descending } = query;
  return {
    filter: {
      ...(q === undefined ? {} : { text: q }),
      ...(branch === undefined ? {} : { branchId: branch }),
      ...(state === undefined ? {} : { state }),
      ...(model === undefined ? {} : { model }),
    },
    order: { sort: sort ?? "pod", descending: descending ?? false },
  };
}

export const pointHandlers: Handlers<"listPoints" | "getPoint" | "getPulseFigures" | "search"> = {
  async listPoints({ query, scope, services: { db } }) {
    const { filter, order } = listOf(query);
    const window = { offset: query.offset ?? 0, limit: query.limit ?? 100 };
    const [total, pointIds] = await Promise.all([
      countPoints(db, scope, filter),
      findPointIds(db, scope, filter, order, window),
    ]);
    const rows = await readPointRows(db, scope, pointIds);
    return { total, rows: rows.map(rowAnswer) };
  },

  async getPoint({ params, query, scope, services: { db, now, zone } }) {
    const onMs = query.on === undefined ? undefined : onInstant(query.on, zone);
    const point = await findPoint(db, scope, params.pointId, {
      nowMs: now(),
      ...(onMs === undefined ? {} : { onMs }),
    });
    if (!point) throw new Problem("point.not-found");
    const { device, plan } = point;
    const [check] = point.checkPointId === null ? [] : await readPointRows(db, scope, [point.checkPointId]);
    const chain = device && (await findPointChain(db, scope, device.deviceId));
    return {
      ...point,
      branch: [...point.branch],
      on: iso(onMs ?? null),
      // One of another branch is as if it were not there.
      checkPointId: check ? check.pointId : null,
      checkPoint: check ? { pointId: check.pointId, pod: check.pod, name: check.name } : null,
      installations: point.installations.map((installation) => ({
        ...installation,
        from: iso(installation.from),
        to: iso(installation.to),
      })),
      device: device && {
        ...device,
        lastContactAt: iso(device.lastContactAt),
        lastSuccessAt: iso(device.lastSuccessAt),
      },
      now: point.now.map((register) => ({ ...register, measuredAt: iso(register.measuredAt) })),
      channels: [...point.channels],
      plan: plan && { ...plan, nextAt: iso(plan.nextAt) },
      chain: chain && {
        ...chain,
        gatewayContactAt: iso(chain.gatewayContactAt),
        meterContactAt: iso(chain.meterContactAt),
      },
    };
  },

  async getPulseFigures({ params: { pointId }, query, scope, services: { db, now } }) {
    if (!(await hasPoint(db, scope, pointId))) throw new Problem("point.not-found");
    const { at, gapSeconds } = query;
    const found = await findPulseFigures(db, {
      pointId,
      atMs: at === undefined ? now() : Date.parse(at),
      ...(gapSeconds === undefined ? {} : { gapSeconds }),
    });
    if (!found) throw new Problem("meter.not-found");
    return { ...found, figures: found.figures.map((figure) => ({ ...figure })) };
  },

  async search({ query, scope, caller, services: { db } }) {
    const { rights } = caller;
    const [rows, more] = await Promise.all([
      searchPoints(db, scope, query.q, 20),
      searchEquipment(db, rights, query.q),
    ]);
    return {
      points: rows.map(({ pointId, pod, name, address, serial }) => ({
        pointId,
        pod,
        name,
        address,
        serial,
      })),
      ...more,
    };
  },
};

const foundMax = 8;

/** What else has a name that people type: each kind only for who may see its page. */
async function searchEquipment(db: Database, rights: Rights, q: string) {
  const window = { offset: 0, limit: foundMax };
  const seen = <Row>(right: Right, find: () => Promise<readonly Row[]>): Promise<readonly Row[]> =>
    rights.has(right) ? find() : Promise.resolve([]);
  const modemScope = scopeOf(rights, "modems.see");
  const [locations, meters, modems, sims] = await Promise.all([
    seen("locations.see", async () => {
      const scope = scopeOf(rights, "locations.see");
      const order = { sort: "address", descending: false } as const;
      const { locationIds } = await findLocationIds(db, scope, { text: q }, order, window);
      return readLocationRows(db, scope, locationIds);
    }),
    seen("meters.see", () => findLooseMeters(db, q, foundMax)),
    seen("modems.see", async () => (await listModems(db, modemScope, { text: q }, window)).rows),
    seen("modems.see", async () => (await listSims(db, modemScope, { text: q }, window)).rows),
  ]);
  return {
    locations: locations.map(({ locationId, code, address }) => ({ locationId, code, address })),
    meters: [...meters],
    modems: modems.map(({ modemId, serial, serves }) => ({ modemId, serial, serves })),
    sims: sims.map(({ simId, iccid, modem }) => ({ simId, iccid, modem })),
  };
}
