import {
  adoptGateway,
  because,
  branchesOf,
  changeGateway,
  type GatewaySetting,
  gatewaySettings,
  handOverEffect,
  handOverGateway,
  isEverywhere,
  proposeSettings,
  readBranches,
  requestOfGateway,
  retireGateway,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";

/** What people do with a concentrator: every act within their part of the network, with a reason where it can hurt, in the log. */
export const equipmentActionHandlers: Handlers<
  | "listEquipmentBranches"
  | "adoptConcentrator"
  | "changeConcentrator"
  | "retireConcentrator"
  | "handOverEffect"
  | "handOverConcentrator"
  | "requestOfConcentrator"
  | "proposeSettings"
> = {
  async listEquipmentBranches({ scope, services: { db } }) {
    const own = new Set(branchesOf(scope));
    return {
      branches: [...(await readBranches(db)).values()]
        .filter(({ branchId }) => isEverywhere(scope) || own.has(branchId))
        .map(({ branchId, path }) => ({ branchId, path: [...path] })),
    };
  },

  async adoptConcentrator({ params, body, scope, caller, services: { db } }) {
    const { name, branchId, again = false, reason } = body;
    if (again && reason === undefined) throw needsReason();
    await orProblem(
      adoptGateway(reason === undefined ? db : because(db, reason), scope, params.gatewayId, {
        by: caller.account.name,
        name,
        branchId,
        again,
      }),
    );
    return undefined;
  },

  async changeConcentrator({ params, body, scope, services: { db } }) {
    await orProblem(changeGateway(db, scope, params.gatewayId, body));
    return undefined;
  },

  async retireConcentrator({ params, body, scope, caller, services: { db } }) {
    await orProblem(retireGateway(because(db, body.reason), scope, params.gatewayId, caller.account.name));
    return undefined;
  },

  async handOverEffect({ params, query, scope, services: { db } }) {
    return orProblem(handOverEffect(db, scope, params.gatewayId, query.to));
  },

  async handOverConcentrator({ params, body, scope, caller, services: { db } }) {
    return orProblem(
      handOverGateway(because(db, body.reason), scope, {
        from: params.gatewayId,
        to: body.to,
        by: caller.account.name,
      }),
    );
  },

  async requestOfConcentrator({ params, body, scope, caller, services: { db } }) {
    const { action, reason } = body;
    // A clock that is set marks intervals of every meter below.
    if (action === "set-clocks" && reason === undefined) throw needsReason();
    const attemptId = await orProblem(
      requestOfGateway(
        reason === undefined ? db : because(db, reason),
        scope,
        params.gatewayId,
        { action },
        caller.account.name,
      ),
    );
    return { attemptId };
  },

  async proposeSettings({ params, body, scope, caller, services: { db } }) {
    const settings: Partial<Record<GatewaySetting, number>> = {};
    for (const [nth, { setting, value }] of body.settings.entries()) {
      const [min, max] = gatewaySettings[setting];
      if (value < min || value > max)
        throw new Problem("input.invalid", { fields: { [`/settings/${nth}/value`]: `${min} to ${max}` } });
      settings[setting] = value;
    }
    return orProblem(
      proposeSettings(because(db, body.reason), scope, params.gatewayId, {
        settings,
        reason: body.reason,
        by: caller.account.name,
      }),
    );
  },
};

const needsReason = () => new Problem("input.invalid", { fields: { "/reason": "This needs a reason" } });
