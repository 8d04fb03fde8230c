import { type Actor, actingAs, appendActs, type Database, type LogAct, sql } from "@energsys/store";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { contract, type Operation, type OperationId } from "../contract.ts";
import { type Problem, problems } from "../problem.ts";
import type { Services } from "../services.ts";

/** What the activity log says of a call beside the changes that it makes, which triggers write. */
interface Told {
  readonly action: string;
  /** How many records an answer shows. */
  readonly records?: (answer: never) => number;
  /** Who acts, where the answer says it: before it there is no session. */
  readonly actor?: (answer: never) => string;
  /** Parameters of the query that may stand in the log; all others could hold personal data. */
  readonly filter?: readonly string[];
}

const rowsOf = (answer: { rows: readonly unknown[] }) => answer.rows.length;
const listFilter = ["branch", "state", "model", "sort", "offset"];

/**
 * Looks at personal data, and sign-ins. Files write their own line, since only they know what goes into them. Every other call that
 * is no GET is told of under its operationId.
 */
const told: { readonly [Id in OperationId]?: Told | "itself" } = {
  listPoints: { action: "view", records: rowsOf, filter: listFilter },
  search: { action: "view", records: (answer: { points: readonly unknown[] }) => answer.points.length },
  getPoint: { action: "view" },
  getLoadCurve: { action: "view", filter: ["channel", "from", "to"] },
  listRegisters: { action: "view", records: rowsOf },
  listSubscribers: { action: "view", records: rowsOf, filter: ["sort", "offset"] },
  getSubscriber: { action: "view" },
  getSubscriberRecord: { action: "view" },
  exportSubscriberRecord: "itself",
  getWatchReport: { action: "view", filter: ["of", "from", "to"] },
  exportWatchReport: "itself",
  listErasures: { action: "view", records: rowsOf, filter: ["subscriberId", "open"] },
  listPointContracts: { action: "view", records: rowsOf },
  exportSubscribers: "itself",
  listGroupMembers: { action: "view", records: rowsOf, filter: ["at", "offset"] },
  getGroup: { action: "view", filter: ["at"] },
  exportGroup: "itself",
  // It changes nothing, and names the points that it is about.
  previewGroupChange: { action: "view" },
  getPointsImport: { action: "view" },
  exportPointsImportFaults: "itself",
  listLog: {
    action: "view",
    records: rowsOf,
    filter: ["kind", "actor", "page", "from", "to", "objectType", "objectId"],
  },
  listCommunication: { action: "view", records: rowsOf, filter: ["actor", "from", "to", "point", "device"] },
  exportLog: "itself",
  exportLogCsv: "itself",
  exportPoints: "itself",
  exportLoadCurve: "itself",
  createSession: {
    action: "sign-in",
    actor: (answer: { account: { name: string } }) => answer.account.name,
  },
  createFirstAccount: {
    action: "first-account",
    actor: (answer: { account: { name: string } }) => answer.account.name,
  },
  prove: { action: "proof" },
  deleteSession: { action: "sign-out" },
};

/** Signs in, and what a right was missing for: what an incident is made of. */
const securityActions = new Set(["sign-in", "first-account", "proof", "sign-out"]);

/** A page fetches the same thing again and again: a look is written once in this time. */
const lookAgainMs = 600_000;
const remembered = 20_000;

/** Who acts in a call. The page is that of the action: `points.read` is a look at the page `points`. */
export function actorOf(request: FastifyRequest, operationId: OperationId, operation: Operation): Actor {
  const [page = "", verb] = operation.action.split(".");
  return {
    actor: request.caller?.account.name ?? "anonymous",
    ...(request.caller ? { session: request.caller.sessionSha256.toString("hex").slice(0, 8) } : {}),
    address: request.ip,
    page: verb === undefined ? operation.tag : page,
    operation: operationId,
  };
}

/** The object of a call, by its address: `/points/:pointId/reads` is about a point. */
export function objectOf(params: unknown): Pick<LogAct, "objectType" | "objectId"> {
  for (const [name, value] of Object.entries((params ?? {}) as Record<string, unknown>)) {
    if (name.endsWith("Id")) return { objectType: name.slice(0, -2), objectId: String(value) };
  }
  return {};
}

/** Writes into the activity log what people do and look at. A call whose line cannot be written is not answered. */
export class Activity {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #looks = new Map<string, number>();

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Tells of a call that went well. */
  async tell(operationId: OperationId, request: FastifyRequest, answer: unknown): Promise<void> {
    const operation: Operation = contract[operationId];
    const telling = told[operationId];
    if (telling === "itself" || (telling === undefined && operation.method === "GET")) return;
    const { action, records, actor, filter = [] } = telling ?? { action: operationId };
    const acting = actorOf(request, operationId, operation);
    const object = objectOf(request.params);
    const query = request.query as Record<string, unknown>;
    const shown = Object.fromEntries(
      filter.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]])),
    );
    if (
      action === "view" &&
      this.#isKnown([acting.actor, acting.session, operationId, object.objectId, shown])
    ) {
      return;
    }
    const who = actor ? { ...acting, actor: actor(answer as never) } : acting;
    await appendActs(actingAs(this.#db, who), [
      {
        action,
        ...object,
        ...(securityActions.has(action) ? { severity: "security" as const } : {}),
        ...(records ? { records: records(answer as never) } : {}),
        ...(Object.keys(shown).length > 0 ? { after: { filter: shown } } : {}),
      },
    ]);
  }

  /** Tells of a call that was refused because of who called: once a minute for the same, since a flood must not become one here. */
  async tellRefusal(operationId: OperationId, request: FastifyRequest, problem: Problem): Promise<void> {
    const signIn = problem.code === "sign-in.refused";
    if (!signIn && problems[problem.code].status !== 403) return;
    const acting = actorOf(request, operationId, contract[operationId]);
    const name = signIn ? ((request.body as { name?: string } | undefined)?.name ?? "") : "";
    if (this.#isKnown(["refused", acting.actor, acting.address, operationId, problem.code, name], 60_000))
      return;
    // A name that is no account's may be a password in the wrong field: it is not written down.
    const { rows } = await this.#db.query<{ id: number }>(
      sql`select account_id as id from account where name = lower(${name})`,
    );
    await appendActs(actingAs(this.#db, acting), [
      {
        action: signIn ? "sign-in-refused" : "refused",
        severity: "security",
        after: { code: problem.code },
        ...(rows[0] ? { objectType: "account", objectId: rows[0].id } : objectOf(request.params)),
      },
    ]);
  }

  #isKnown(look: readonly unknown[], againMs = lookAgainMs): boolean {
    const key = JSON.stringify(look);
    const nowMs = this.#now();
    const at = this.#looks.get(key);
    if (at !== undefined && nowMs - at < againMs) return true;
    this.#looks.delete(key);
    this.#looks.set(key, nowMs);
    if (this.#looks.size > remembered) this.#looks.delete(this.#looks.keys().next().value ?? "");
    return false;
  }
}

/** Refusals are told of after the answer, so that its time says nothing of the account. */
export function tellRefusals(app: FastifyInstance, services: Services): void {
  app.addHook("onResponse", async (request) => {
    const { operationId } = (request.routeOptions.schema ?? {}) as { operationId?: OperationId };
    if (operationId === undefined || !request.refusal) return;
    await services.activity.tellRefusal(operationId, request, request.refusal).catch((error: unknown) => {
      request.log.error({ err: error }, "a refusal is missing in the activity log");
    });
  });
}

declare module "fastify" {
  interface FastifyRequest {
    /** Why the call was refused, when it was. */
    refusal: Problem | undefined;
  }
}
