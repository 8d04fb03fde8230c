import type { MessageKey } from "../text/catalogue.ts";

export interface PageEntry {
  readonly key: MessageKey;
  readonly to:
    | "/op"
    | "/op/alarms"
    | "/op/billing"
    | "/op/validation"
    | "/op/validation/edits"
    | "/op/quality"
    | "/op/field"
    | "/cfg/validation-rules"
    | "/adm/sign-in"
    | "/cfg/equipment"
    | "/cfg/approvals"
    | "/cfg/field-imports"
    | "/points"
    | "/cfg/groups"
    | "/cfg/subscribers"
    | "/cfg/branches"
    | "/cfg/locations"
    | "/cfg/meters"
    | "/cfg/modems"
    | "/cfg/meter-types"
    | "/cfg/import"
    | "/devices/new"
    | "/an/load-curve"
    | "/an/consumption"
    | "/an/statistics"
    | "/an/peaks"
    | "/an/peak-rules"
    | "/an/exports"
    | "/an/power-quality"
    | "/an/continuity"
    | "/an/events"
    | "/an/communication"
    | "/an/acquisition"
    | "/an/multi-rate"
    | "/cfg/tariffs"
    | "/an/balance"
    | "/an/cases"
    | "/an/reports"
    | "/an/subscribers"
    | "/adm/delivery"
    | "/adm/users"
    | "/adm/roles"
    | "/adm/access"
    | "/adm/keys"
    | "/adm/vpn"
    | "/adm/certificates"
    | "/adm/log"
    | "/adm/health"
    | "/adm/database";
  readonly group: "operate" | "configure" | "analyse" | "admin";
  /** In the menu; otherwise only in the palette. */
  readonly menu: boolean;
  /** Who does not have this right finds the page in neither. */
  readonly right: string;
}

/** Every page that can be gone to: menu and palette are made of this list, and so is the way from an address to its right. */
export const pages: readonly PageEntry[] = [
  { key: "nav.operations", to: "/op", group: "operate", menu: true, right: "operations.see" },
  { key: "nav.alarms", to: "/op/alarms", group: "operate", menu: true, right: "alarms.see" },
  { key: "nav.billing", to: "/op/billing", group: "operate", menu: true, right: "billing.see" },
  { key: "nav.validation", to: "/op/validation", group: "operate", menu: true, right: "validation.see" },
  {
    key: "nav.validation-edits",
    to: "/op/validation/edits",
    group: "operate",
    menu: false,
    right: "validation.see",
  },
  { key: "nav.quality", to: "/op/quality", group: "operate", menu: true, right: "validation.see" },
  { key: "nav.field", to: "/op/field", group: "operate", menu: true, right: "field-tasks.see" },
  {
    key: "nav.validation-rules",
    to: "/cfg/validation-rules",
    group: "configure",
    menu: true,
    right: "validation-rules.see",
  },
  { key: "nav.branches", to: "/cfg/branches", group: "configure", menu: true, right: "branches.see" },
  { key: "nav.locations", to: "/cfg/locations", group: "configure", menu: true, right: "locations.see" },
  { key: "nav.points", to: "/points", group: "configure", menu: true, right: "points.see" },
  {
    key: "nav.subscribers",
    to: "/cfg/subscribers",
    group: "configure",
    menu: true,
    right: "subscribers.see",
  },
  { key: "nav.approvals", to: "/cfg/approvals", group: "configure", menu: true, right: "points.approve" },
  { key: "nav.meters", to: "/cfg/meters", group: "configure", menu: true, right: "meters.see" },
  { key: "nav.meter-types", to: "/cfg/meter-types", group: "configure", menu: true, right: "meters.see" },
  { key: "nav.tariffs", to: "/cfg/tariffs", group: "configure", menu: true, right: "tariffs.see" },
  { key: "nav.groups", to: "/cfg/groups", group: "configure", menu: true, right: "groups.see" },
  { key: "nav.equipment", to: "/cfg/equipment", group: "configure", menu: true, right: "equipment.see" },
  { key: "nav.modems", to: "/cfg/modems", group: "configure", menu: true, right: "modems.see" },
  {
    key: "nav.field-imports",
    to: "/cfg/field-imports",
    group: "configure",
    menu: true,
    right: "field-imports.see",
  },
  { key: "nav.import", to: "/cfg/import", group: "configure", menu: true, right: "import.see" },
  { key: "nav.add-device", to: "/devices/new", group: "configure", menu: true, right: "devices.change" },
  { key: "nav.load-curve", to: "/an/load-curve", group: "analyse", menu: true, right: "analysis.see" },
  { key: "nav.consumption", to: "/an/consumption", group: "analyse", menu: true, right: "analysis.see" },
  { key: "nav.multi-rate", to: "/an/multi-rate", group: "analyse", menu: true, right: "analysis.see" },
  { key: "nav.statistics", to: "/an/statistics", group: "analyse", menu: true, right: "analysis.see" },
  { key: "nav.peaks", to: "/an/peaks", group: "analyse", menu: true, right: "analysis.see" },
  { key: "nav.peak-rules", to: "/an/peak-rules", group: "analyse", menu: true, right: "peak-rules.see" },
  {
    key: "nav.subscriber-records",
    to: "/an/subscribers",
    group: "analyse",
    menu: true,
    right: "subscribers.see",
  },
  { key: "nav.exports", to: "/an/exports", group: "analyse", menu: true, right: "analysis.see" },
  {
    key: "nav.power-quality",
    to: "/an/power-quality",
    group: "analyse",
    menu: true,
    right: "analysis.see",
  },
  { key: "nav.continuity", to: "/an/continuity", group: "analyse", menu: true, right: "analysis.see" },
  { key: "nav.system-events", to: "/an/events", group: "analyse", menu: true, right: "analysis.see" },
  { key: "nav.communication", to: "/an/communication", group: "analyse", menu: true, right: "analysis.see" },
  { key: "nav.acquisition", to: "/an/acquisition", group: "analyse", menu: true, right: "analysis.see" },
  { key: "nav.balance", to: "/an/balance", group: "analyse", menu: true, right: "analysis.see" },
  { key: "nav.cases", to: "/an/cases", group: "analyse", menu: true, right: "cases.see" },
  { key: "nav.reports", to: "/an/reports", group: "analyse", menu: true, right: "analysis.see" },
  { key: "nav.people", to: "/adm/users", group: "admin", menu: true, right: "users.see" },
  { key: "nav.roles", to: "/adm/roles", group: "admin", menu: true, right: "users.see" },
  { key: "nav.keys", to: "/adm/keys", group: "admin", menu: true, right: "keys.see" },
  { key: "nav.vpn", to: "/adm/vpn", group: "admin", menu: true, right: "vpn.see" },
  { key: "nav.certificates", to: "/adm/certificates", group: "admin", menu: true, right: "vpn.see" },
  { key: "nav.access", to: "/adm/access", group: "admin", menu: true, right: "users.see" },
  { key: "nav.log", to: "/adm/log", group: "admin", menu: true, right: "log.see" },
  { key: "nav.health", to: "/adm/health", group: "admin", menu: true, right: "health.see" },
  { key: "nav.sign-in", to: "/adm/sign-in", group: "admin", menu: true, right: "sign-in.see" },
  { key: "nav.delivery", to: "/adm/delivery", group: "admin", menu: true, right: "delivery.see" },
  { key: "nav.database", to: "/adm/database", group: "admin", menu: true, right: "database.see" },
];

export const groups = ["operate", "configure", "analyse", "admin"] as const;

/** The pages that somebody with these rights may open. */
export const openPages = (actions: readonly string[]): readonly PageEntry[] =>
  pages.filter((page) => actions.includes(page.right));
