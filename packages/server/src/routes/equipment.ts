import { findEventName } from "@energsys/metering/models";
import {
  acknowledgeDifferences,
  appendActs,
  type ConcentratorRow,
  everywhere,
  findConcentrator,
  gatewaySettingNames,
  gatewaySettings,
  listAttempts,
  listConcentrators,
  listEvents,
  listProposals,
  settingsOf,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { onInstant } from "../on-instant.ts";
import { Problem } from "../problem.ts";
import { attemptAnswer } from "./attempts.ts";

const rowsDefault = 100;
const eventsMax = 100;
const attemptsMax = 50;
const proposalsMax = 20;

const rowAnswer = (row: ConcentratorRow) => ({
  ...row,
  branch: [...row.branch],
  lastContactAt: iso(row.lastContactAt),
  shutdownAt: iso(row.shutdownAt),
  lastHandOverAt: iso(row.lastHandOverAt),
});

/** `line address` of one side of a difference, where it is told. */
function placeOf(side: unknown): string | null {
  const { line, address } = (side ?? {}) as { line?: unknown; address?: unknown };
  const told = [line, address].filter((part) => typeof part === "string" && part !== "");
  return told.length === 0 ? null : told.join(" ");
}

export const equipmentHandlers: Handlers<"listConcentrators" | "getConcentrator" | "acknowledgeDifferences"> =
  {
    async listConcentrators({ query, scope, services: { db } }) {
      const { q, branch, state, offset = 0, limit = rowsDefault } = query;
      const { total, counts, rows } = await listConcentrators(
        db,
        scope,
        {
          ...(q === undefined ? {} : { text: q }),
          ...(branch === undefined ? {} : { branchId: branch }),
          ...(state === undefined ? {} : { state }),
        },
        { offset, limit },
      );
      return { total, counts, rows: rows.map(rowAnswer) };
    },

    async getConcentrator({ params, query, scope, caller, services: { db, zone } }) {
      const onMs = query.on === undefined ? undefined : onInstant(query.on, zone);
      const found = await findConcentrator(db, scope, params.gatewayId, onMs);
      if (!found) throw new Problem("gateway.not-found");
      // The concentrator is the caller's: so are its own events and exchanges, which no point is about.
      const deviceIds = found.deviceId === null ? [] : [found.deviceId];
      const [proposals, events, attempts] = await Promise.all([
        listProposals(db, found.gatewayId, proposalsMax),
        listEvents(db, everywhere, { deviceIds, limit: eventsMax }),
        listAttempts(
          db,
          { scope: everywhere, requestedBy: caller.account.name },
          { deviceIds, limit: attemptsMax },
        ),
      ]);
      const { meterList, openDifferences, branchId: _, configuration, versions, ...row } = found;
      const settings = settingsOf(configuration);
      return {
        ...row,
        ...rowAnswer(row),
        since: new Date(row.since).toISOString(),
        on: iso(onMs ?? null),
        versions: versions.map(({ branchId: _id, from, to, ...version }) => ({
          ...version,
          branch: [...version.branch],
          from: new Date(from).toISOString(),
          to: iso(to),
        })),
        adoptedAt: iso(row.adoptedAt),
        retiredAt: iso(row.retiredAt),
        firstSeenAt: iso(row.firstSeenAt),
        meterList: meterList.map((meter) => ({ ...meter, lastContactAt: iso(meter.lastContactAt) })),
        openDifferences: openDifferences.map(({ detail, at, ...difference }) => ({
          ...difference,
          at: iso(at),
          was: placeOf(detail.before),
          is: placeOf(detail),
        })),
        settings: gatewaySettingNames.map((setting) => {
          const [min, max] = gatewaySettings[setting];
          return { setting, value: settings[setting] ?? null, min, max };
        }),
        configurationRead: configuration !== null,
        proposals: proposals.map(({ changes, ...proposal }) => ({
          ...proposal,
          changes: changes.map((change) => ({ ...change })),
          proposedAt: iso(proposal.proposedAt),
          sentAt: iso(proposal.sentAt),
          endedAt: iso(proposal.endedAt),
        })),
        events: events.map(({ seq: _, ...event }) => ({
          ...event,
          eventName: findEventName(event.code) ?? null,
          at: iso(event.at),
          receivedAt: iso(event.receivedAt),
        })),
        attempts: attempts.map(attemptAnswer),
      };
    },

    async acknowledgeDifferences({ body, scope, caller, services: { db } }) {
      const note = body.note ?? "";
      return db.transaction(async (transaction) => {
        const seen = await acknowledgeDifferences(transaction, scope, {
          differenceIds: body.differenceIds,
          by: caller.account.name,
          note,
        });
        // The field writes these rows all day, so no trigger does: what a person does with them is told here.
        const acts = seen.map((objectId) => ({
          action: "acknowledge",
          objectType: "gateway_difference",
          objectId,
          after: { state: "acknowledged", note },
        }));
        await appendActs(transaction, acts);
        return { acknowledged: seen.length };
      });
    },
  };
