import { Accepted } from "../schemas/basics.ts";
import {
  AnalystPassword,
  AnalystPasswordRequest,
  DatabaseOverview,
  DatabaseTrial,
  DatabaseTrialRequest,
  PoolChange,
  PoolUndo,
} from "../schemas/database.ts";
import { systemHealthSchema } from "../schemas/health.ts";
import { operation } from "./operation.ts";

/** Calls about the health of the system and the database. */
export const systemOperations = {
  getSystemHealth: operation({
    method: "GET",
    url: "/system/health",
    action: "health.see",
    tag: "system",
    summary:
      "Measures of the system with their bounds, the last day of each, backups, certificate and database roles",
    answer: systemHealthSchema.reference,
  }),
  getDatabase: operation({
    method: "GET",
    url: "/database",
    action: "database.see",
    tag: "database",
    summary:
      "Connections and parameters of the roles, their privileges by table as they should be and are, backups",
    answer: DatabaseOverview,
  }),
  tryDatabase: operation({
    method: "POST",
    url: "/database/trial",
    action: "database.command",
    tag: "database",
    summary: "Signs in to the database step by step, as the server does or as an analyst",
    body: DatabaseTrialRequest,
    answer: DatabaseTrial,
    budget: "login",
  }),
  changePool: operation({
    method: "PUT",
    url: "/database/pools",
    action: "database.change",
    stepUp: true,
    tag: "database",
    summary:
      "Connections and time-out of a program; it takes them over within ten seconds, without a restart",
    body: PoolChange,
    status: 202,
    answer: Accepted,
    problems: [409],
  }),
  undoPool: operation({
    method: "POST",
    url: "/database/pools/undo",
    action: "database.change",
    stepUp: true,
    tag: "database",
    summary: "Takes the last change of a program's connections back",
    body: PoolUndo,
    status: 202,
    answer: Accepted,
    problems: [409],
  }),
  giveAnalystPassword: operation({
    method: "POST",
    url: "/database/analyst-password",
    action: "database.change",
    stepUp: true,
    tag: "database",
    summary: "A new password for analysts (report_ro), shown this once; it ends their sessions",
    body: AnalystPasswordRequest,
    status: 201,
    answer: AnalystPassword,
    problems: [409],
  }),
  endAnalystPassword: operation({
    method: "DELETE",
    url: "/database/analyst-password",
    action: "database.change",
    stepUp: true,
    tag: "database",
    summary: "Takes the password of analysts back and ends their sessions",
    status: 202,
    answer: Accepted,
    problems: [409],
  }),
} as const;
