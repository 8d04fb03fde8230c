import { messages } from "../text/message.ts";

/** Names of the pages, for menu, palette and rights. */
export const subscribersStartText = messages({
  "nav.subscribers": { en: "Subscribers", ro: "Abonați" },
  "page.subscribers": { en: "Subscribers", ro: "Abonați" },
  "nav.subscriber-records": { en: "Subscriber's record", ro: "Fișa abonatului" },
});
