import {
  countNetwork,
  createFirstAccount,
  hasAccounts,
  isFirstTokenValid,
  isLauncherThere,
  notify,
  readSampleNetwork,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { Problem } from "../problem.ts";
import { demand } from "../security/demand.ts";
import { enter } from "../security/enter.ts";
import { can } from "../security/rights.ts";
import { version } from "../version.ts";
import { sessionAnswer } from "./sign-in.ts";

export const firstRunHandlers: Handlers<
  "getFirstRun" | "createFirstAccount" | "startSampleNetwork" | "getHealth"
> = {
  async getFirstRun({ caller, services }) {
    const { db, zone } = services;
    const open = { accountNeeded: !(await hasAccounts(db)), zone, version };
    // What the whole network holds is for who may add to all of it.
    if (!caller || !can(caller.rights, "devices.change", "network").allow) return open;
    const [network, sampleNetwork] = await Promise.all([countNetwork(db), readSampleNetwork(db)]);
    return { ...open, ...network, sampleNetwork };
  },

  async createFirstAccount({ body, services, request, reply }) {
    const { db, passwords, policies } = services;
    if (await hasAccounts(db)) throw new Problem("first-run.done");
    if (!(await isFirstTokenValid(db, body.token, services.now())))
      throw new Problem("first-run.token-refused");
    const passwordHash = await passwords.hash(
      body.password,
      [body.name, body.displayName],
      await policies.read(),
    );
    const made = await createFirstAccount(db, { ...body, passwordHash, nowMs: services.now() });
    if (!made.ok) {
      throw new Problem(made.reason === "accounts-exist" ? "first-run.done" : "first-run.token-refused");
    }
    const entering = { services, request, reply };
    return sessionAnswer(
      await enter(entering, { ...made.account, breakGlass: false }, ["password"]),
      services,
    );
  },

  async startSampleNetwork({ caller, services }) {
    const { db } = services;
    await demand(services, caller, "devices.change", "network");
    if ((await readSampleNetwork(db)) !== "available") throw new Problem("sample-network.started");
    if (!(await isLauncherThere(db, services.now()))) throw new Problem("sample-network.no-launcher");
    await notify(db, "energsys_supervisor", { type: "sample-network" });
    return { accepted: true };
  },

  async getHealth({ services, reply }) {
    const { availability, stream } = services;
    const status = availability.up ? "ready" : "unready";
    if (status === "unready") reply.code(503);
    return {
      status,
      database: availability.up ? "up" : "down",
      listening: stream.listening,
      streamClients: stream.clients,
      uptimeSeconds: Math.floor((services.now() - services.startedAtMs) / 1_000),
      version,
    };
  },
};
