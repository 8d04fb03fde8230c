import { messages } from "../text/message.ts";

/** Words of reports that menu, tray and the pages of the analysis show before their own page is open. */
export const reportsStartText = messages({
  "nav.reports": { en: "My reports", ro: "Rapoartele mele" },
  "nav.delivery": { en: "Delivery of reports", ro: "Livrarea rapoartelor" },
  "jobs.kind.run-report": { en: "Report", ro: "Raport" },
  "an.views": { en: "Saved views", ro: "Vederi salvate" },
  "an.view-open": { en: "Open a saved view", ro: "Deschide o vedere salvată" },
  "an.view-save": { en: "Save view", ro: "Salvează vederea" },
  "an.view-name": { en: "Name of the view", ro: "Numele vederii" },
  "an.view-shared": { en: "For everybody who may see analyses", ro: "Pentru toți cei care văd analize" },
  "an.view-saved": { en: "The view is saved.", ro: "Vederea a fost salvată." },
});
