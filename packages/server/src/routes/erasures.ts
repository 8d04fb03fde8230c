import { because, decideErasure, listErasures, requestErasure, withdrawErasure } from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { orProblem } from "../refusals.ts";

export const erasureHandlers: Handlers<
  "listErasures" | "requestErasure" | "decideErasure" | "withdrawErasure"
> = {
  async listErasures({ query, scope, caller, services: { db } }) {
    const rows = await listErasures(db, scope, {
      ...(query.subscriberId === undefined ? {} : { subscriberId: query.subscriberId }),
      openOnly: query.open ?? false,
      limit: query.limit ?? 100,
    });
    return {
      rows: rows.map(({ requestedAtMs, decidedAtMs, replayedAtMs, ...row }) => ({
        ...row,
        own: row.requestedBy === caller.account.name,
        requestedAt: iso(requestedAtMs),
        decidedAt: iso(decidedAtMs),
        replayedAt: iso(replayedAtMs),
      })),
    };
  },

  async requestErasure({ params: { subscriberId }, body, scope, caller, services: { db, now } }) {
    const reason = body.reason.trim();
    const asked = { name: caller.account.name, nowMs: now(), reason };
    const erasureId = await orProblem(requestErasure(because(db, reason), scope, subscriberId, asked));
    return { erasureId };
  },

  async decideErasure({ params: { erasureId }, body, scope, caller, services, request }) {
    const { db, now } = services;
    const { confirm, note = "" } = body;
    const decision = { name: caller.account.name, nowMs: now(), confirm, note: note.trim() };
    const outcome = await orProblem(
      decideErasure(db, scope, erasureId, decision, (reason) => because(db, reason)),
    );
    // It is done, whatever becomes of the file: the next hour tries again.
    await services.logWatch.keepErasures().catch((error: unknown) => {
      request.log.error({ err: error }, "an erasure could not be put outside");
    });
    return outcome;
  },

  async withdrawErasure({ params: { erasureId }, scope, caller, services: { db, now } }) {
    await orProblem(withdrawErasure(db, scope, erasureId, { name: caller.account.name, nowMs: now() }));
    return undefined;
  },
};
