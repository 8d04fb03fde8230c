import type { MessageKey } from "../text/catalogue.ts";

interface ReportPage {
  readonly to:
    | "/an/load-curve"
    | "/an/consumption"
    | "/an/multi-rate"
    | "/an/statistics"
    | "/an/peaks"
    | "/an/balance"
    | "/an/power-quality"
    | "/an/continuity"
    | "/an/events"
    | "/an/communication"
    | "/an/acquisition";
  readonly name: MessageKey;
  readonly about: MessageKey;
}

/** Reports that are ready as pages, with their own files: what no formula over energies can say, and what has a picture of its own. */
export const reportPages: readonly ReportPage[] = [
  { to: "/an/events", name: "nav.system-events", about: "rp.page.events" },
  { to: "/an/power-quality", name: "nav.power-quality", about: "rp.page.power-quality" },
  { to: "/an/continuity", name: "nav.continuity", about: "rp.page.continuity" },
  { to: "/an/balance", name: "nav.balance", about: "rp.page.balance" },
  { to: "/an/load-curve", name: "nav.load-curve", about: "rp.page.load-curve" },
  { to: "/an/consumption", name: "nav.consumption", about: "rp.page.consumption" },
  { to: "/an/multi-rate", name: "nav.multi-rate", about: "rp.page.multi-rate" },
  { to: "/an/statistics", name: "nav.statistics", about: "rp.page.statistics" },
  { to: "/an/peaks", name: "nav.peaks", about: "rp.page.peaks" },
  { to: "/an/acquisition", name: "nav.acquisition", about: "rp.page.acquisition" },
  { to: "/an/communication", name: "nav.communication", about: "rp.page.communication" },
];
