/** What can be done on a page, from looking to letting others act. */
export const levels = ["see", "change", "command", "approve"] as const;
export type Level = (typeof levels)[number];

interface PageRights {
  /** Where the page is. */
  readonly address: string;
  readonly levels: readonly Level[];
  /**
   * `branch`: a right covers the branch that it was granted for, and all below it. `network`: the page knows no branches, so only
   * who holds the right for the whole network has it.
   */
  readonly reach: "branch" | "network";
}

/** Every page and what can be granted on it. A new page is a line here; the routes declare which of its rights they need. */
export const catalogue = {
  operations: { address: "/op", levels: ["see"], reach: "branch" },
  billing: { address: "/op/billing", levels: ["see", "change", "approve"], reach: "branch" },
  alarms: { address: "/op/alarms", levels: ["see", "change"], reach: "branch" },
  "field-tasks": { address: "/op/field", levels: ["see", "change"], reach: "branch" },
  "peak-rules": { address: "/an/peak-rules", levels: ["see", "change"], reach: "branch" },
  validation: { address: "/op/validation", levels: ["see", "change", "approve"], reach: "branch" },
  "validation-rules": { address: "/cfg/validation-rules", levels: ["see", "change"], reach: "network" },
  equipment: { address: "/cfg/equipment", levels: ["see", "change", "command"], reach: "branch" },
  groups: { address: "/cfg/groups", levels: ["see", "change"], reach: "branch" },
  points: { address: "/points", levels: ["see", "change", "command", "approve"], reach: "branch" },
  branches: { address: "/cfg/branches", levels: ["see", "change"], reach: "network" },
  locations: { address: "/cfg/locations", levels: ["see", "change"], reach: "branch" },
  modems: { address: "/cfg/modems", levels: ["see", "change"], reach: "branch" },
  "field-imports": { address: "/cfg/field-imports", levels: ["see", "change"], reach: "branch" },
  meters: { address: "/cfg/meters", levels: ["see", "change"], reach: "branch" },
  "meter-types": { address: "/cfg/meter-types", levels: ["change"], reach: "network" },
  tariffs: { address: "/cfg/tariffs", levels: ["see", "change"], reach: "network" },
  subscribers: { address: "/cfg/subscribers", levels: ["see", "change", "approve"], reach: "branch" },
  import: { address: "/cfg/import", levels: ["see", "change"], reach: "network" },
  devices: { address: "/devices/new", levels: ["change"], reach: "branch" },
  analysis: { address: "/an", levels: ["see", "change"], reach: "branch" },
  "quality-limits": { address: "/an/power-quality", levels: ["change"], reach: "network" },
  cases: { address: "/an/cases", levels: ["see", "change"], reach: "branch" },
  delivery: { address: "/adm/delivery", levels: ["see", "change"], reach: "network" },
  users: { address: "/adm/users", levels: ["see", "change", "approve"], reach: "branch" },
  roles: { address: "/adm/roles", levels: ["change"], reach: "network" },
  "sign-in": { address: "/adm/sign-in", levels: ["see", "change"], reach: "network" },
  log: { address: "/adm/log", levels: ["see"], reach: "network" },
  keys: { address: "/adm/keys", levels: ["see", "change", "command"], reach: "network" },
  vpn: { address: "/adm/vpn", levels: ["see", "change"], reach: "network" },
  communications: { address: "/adm/communications", levels: ["see", "change", "command"], reach: "network" },
  database: { address: "/adm/database", levels: ["see", "change", "command"], reach: "network" },
  health: { address: "/adm/health", levels: ["see"], reach: "network" },
} as const satisfies Record<string, PageRights>;

export type Page = keyof typeof catalogue;
/** `"<page>.<level>"` of the catalogue; anything else is refused by the type checker. */
export type Right = { [P in Page]: `${P}.${(typeof catalogue)[P]["levels"][number]}` }[Page];

export const rights: readonly Right[] = (Object.keys(catalogue) as Page[]).flatMap((page) =>
  catalogue[page].levels.map((level) => `${page}.${level}` as Right),
);
const known: ReadonlySet<string> = new Set(rights);
export const isRight = (action: string): action is Right => known.has(action);
export const pageOf = (right: Right): Page => right.slice(0, right.lastIndexOf(".")) as Page;

/**
 * Roles that are there from the start. Who wants another makes a copy: these follow the program, so that a new page reaches the
 * people it is for. The administrator approves nothing: who gives rights and who approves are two people.
 */
export const readyRoles = {
  operator: [
    "operations.see",
    "alarms.see",
    "alarms.change",
    "peak-rules.see",
    "equipment.see",
    "equipment.command",
    "groups.see",
    "points.see",
    "points.command",
    "locations.see",
    "meters.see",
    "modems.see",
    "subscribers.see",
    "validation.see",
    "analysis.see",
    "analysis.change",
    "cases.see",
    "field-tasks.see",
    "field-tasks.change",
    "health.see",
  ],
  technician: [
    "alarms.see",
    "alarms.change",
    "equipment.see",
    "equipment.change",
    "equipment.command",
    "groups.see",
    "field-imports.see",
    "field-imports.change",
    "points.see",
    "points.change",
    "points.command",
    "locations.see",
    "locations.change",
    "meters.see",
    "meters.change",
    "modems.see",
    "modems.change",
    "devices.change",
    "cases.see",
    "cases.change",
    "field-tasks.see",
    "field-tasks.change",
  ],
  billing: [
    "validation.see",
    "validation.change",
    "validation.approve",
    "validation-rules.see",
    "field-tasks.see",
    "field-tasks.change",
    "billing.see",
    "billing.change",
    "billing.approve",
    "points.see",
    "points.approve",
    "locations.see",
    "meters.see",
    "subscribers.see",
    "subscribers.change",
    "subscribers.approve",
    "tariffs.see",
    "tariffs.change",
    "analysis.see",
    "analysis.change",
  ],
  planner: [
    "operations.see",
    "alarms.see",
    "peak-rules.see",
    "peak-rules.change",
    "groups.see",
    "groups.change",
    "points.see",
    "locations.see",
    "meters.see",
    "validation.see",
    "validation-rules.see",
    "tariffs.see",
    "analysis.see",
    "analysis.change",
    "quality-limits.change",
    "cases.see",
    "cases.change",
    "field-tasks.see",
    "field-tasks.change",
  ],
  auditor: rights.filter((right) => right.endsWith(".see") || right === "users.approve"),
  administrator: rights.filter((right) => !right.endsWith(".approve")),
  supplier: ["points.see", "subscribers.see", "analysis.see"],
} as const satisfies Record<string, readonly Right[]>;
export type ReadyRole = keyof typeof readyRoles;

/** Names of the ready-made roles that hold a right. */
export const readyRolesWith = (right: Right): ReadyRole[] =>
  (Object.keys(readyRoles) as ReadyRole[]).filter((role) =>
    (readyRoles[role] as readonly Right[]).includes(right),
  );
