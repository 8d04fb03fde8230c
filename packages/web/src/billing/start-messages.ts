import { messages } from "../text/message.ts";

/** Words of billing that menu and tray show before its page is open. */
export const billingStartText = messages({
  "nav.billing": { en: "Billing", ro: "Facturare" },
  "page.billing": { en: "Billing", ro: "Facturare" },
  "jobs.kind.close-billing-month": { en: "Closing of a month", ro: "Închiderea unei luni" },
});
