import {
  addModem,
  addSim,
  because,
  changeModem,
  changeSim,
  findModem,
  findSim,
  importModems,
  listModems,
  listSims,
  placeModem,
  placeSim,
  setSimState,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso, pastInstant } from "../instants.ts";
import { JobError } from "../jobs/kind.ts";
import { readModemList } from "../modem-list.ts";
import { onInstant } from "../on-instant.ts";
import { Problem, type ProblemCode } from "../problem.ts";
import { orProblem } from "../refusals.ts";

const dated = <Row extends { readonly from: number; readonly to: number | null }>(row: Row) => ({
  ...row,
  from: iso(row.from),
  to: iso(row.to),
});
const act = (
  { at, reason }: { readonly at: string; readonly reason: string },
  caller: { readonly account: { readonly name: string } },
  nowMs: number,
) => ({ atMs: pastInstant(at, nowMs, "/at"), reason, by: caller.account.name });

export const modemHandlers: Handlers<
  | "listModems"
  | "addModem"
  | "importModems"
  | "getModem"
  | "changeModem"
  | "placeModem"
  | "listSims"
  | "addSim"
  | "getSim"
  | "changeSim"
  | "setSimState"
  | "placeSim"
> = {
  async listModems({ query: { q, offset = 0, limit = 100 }, scope, services: { db } }) {
    const filter = q === undefined ? {} : { text: q };
    const { total, rows } = await listModems(db, scope, filter, { offset, limit });
    return { total, rows: rows.map((row) => ({ ...row, since: iso(row.since) })) };
  },

  async addModem({ body: { reason, ...facts }, services: { db } }) {
    return { modemId: await orProblem(addModem(because(db, reason), facts)) };
  },

  async importModems({ body: { text, apply, reason }, scope, caller, services: { db, now } }) {
    const { rows, faults } = readList(text);
    const outcome = await importModems(because(db, reason), scope, rows, {
      apply: apply && faults.length === 0,
      atMs: now(),
      reason,
      by: caller.account.name,
    });
    const all = [...faults, ...outcome.faults].sort((one, other) => one.line - other.line);
    return { ...outcome, applied: apply && all.length === 0, faults: all.slice(0, 1_000) };
  },

  async getModem({ params, query, scope, services: { db, zone } }) {
    const onMs = query.on === undefined ? undefined : onInstant(query.on, zone);
    const modem = await findModem(db, scope, params.modemId, onMs);
    if (!modem) throw new Problem("modem.not-found");
    return {
      ...modem,
      since: iso(modem.since),
      on: iso(onMs ?? null),
      placements: modem.placements.map(dated),
      cards: modem.cards.map(dated),
    };
  },

  async changeModem({ params, body: { reason, ...facts }, scope, services: { db } }) {
    await orProblem(changeModem(because(db, reason), scope, params.modemId, facts));
    return undefined;
  },

  async placeModem({ params, body, scope, caller, services: { db, now } }) {
    const { gatewayId, meterId, reason } = body;
    if (gatewayId !== null && meterId !== null)
      throw new Problem("input.invalid", { fields: { "/meterId": "It serves one device" } });
    const to = gatewayId !== null ? { gatewayId } : meterId !== null ? { meterId } : null;
    await orProblem(placeModem(because(db, reason), scope, params.modemId, to, act(body, caller, now())));
    return undefined;
  },

  async listSims({ query: { q, state, offset = 0, limit = 100 }, scope, services: { db } }) {
    const filter = { ...(q === undefined ? {} : { text: q }), ...(state === undefined ? {} : { state }) };
    const { total, rows } = await listSims(db, scope, filter, { offset, limit });
    return { total, rows: rows.map((row) => ({ ...row, since: iso(row.since) })) };
  },

  async addSim({ body, caller, services: { db, now } }) {
    const { state, at: _, reason, ...given } = body;
    return {
      simId: await orProblem(addSim(because(db, reason), given, { ...act(body, caller, now()), state })),
    };
  },

  async getSim({ params, query, scope, services: { db, zone } }) {
    const onMs = query.on === undefined ? undefined : onInstant(query.on, zone);
    const sim = await findSim(db, scope, params.simId, onMs);
    if (!sim) throw new Problem("sim.not-found");
    return {
      ...sim,
      since: iso(sim.since),
      on: iso(onMs ?? null),
      states: sim.states.map(dated),
      placements: sim.placements.map(dated),
    };
  },

  async changeSim({ params, body: { reason, ...given }, scope, services: { db } }) {
    await orProblem(changeSim(because(db, reason), scope, params.simId, given));
    return undefined;
  },

  async setSimState({ params, body, scope, caller, services: { db, now } }) {
    await orProblem(
      setSimState(because(db, body.reason), scope, params.simId, body.state, act(body, caller, now())),
    );
    return undefined;
  },

  async placeSim({ params, body, scope, caller, services: { db, now } }) {
    await orProblem(
      placeSim(because(db, body.reason), scope, params.simId, body.modemId, act(body, caller, now())),
    );
    return undefined;
  },
};

/** @throws Problem for a file that is no table */
function readList(text: string): ReturnType<typeof readModemList> {
  try {
    return readModemList(text);
  } catch (error) {
    if (error instanceof JobError)
      throw new Problem(error.code as ProblemCode, { detail: error.message }, error);
    throw error;
  }
}
