import { messages } from "../text/message.ts";

/** Words of an indicative account, wherever it is shown. */
export const tariffAccountText = messages({
  "mr.account": { en: "Indicative account", ro: "Cont orientativ" },
  "mr.not-invoice": {
    en: "Not an invoice: suppliers round otherwise, and what is missing or estimated counts as it is.",
    ro: "Nu este factură: furnizorii rotunjesc altfel, iar ce lipsește sau este estimat se ia ca atare.",
  },
  "mr.line": { en: "Line", ro: "Poziție" },
  "mr.quantity": { en: "Quantity", ro: "Cantitate" },
  "mr.price": { en: "Price", ro: "Preț" },
  "mr.amount": { en: "Amount", ro: "Valoare" },
  "mr.net": { en: "Net", ro: "Total fără TVA" },
  "mr.vat": { en: "VAT", ro: "TVA" },
  "mr.unit.day": { en: "days", ro: "zile" },
  "mr.unit.month": { en: "months", ro: "luni" },
  "mr.unit.once": { en: "once", ro: "o dată" },
  "mr.unpriced": {
    en: "{from} – {to}: {energy} kWh without a tariff",
    ro: "{from} – {to}: {energy} kWh fără tarif",
  },
  "mr.reactive-missing": {
    en: "{count, plural, one {# period} other {# periods}} of reactive energy not charged: a value is missing",
    ro: "{count, plural, one {# perioadă} few {# perioade} other {# de perioade}} de energie reactivă netaxate: lipsește o valoare",
  },
  "mr.no-account": {
    en: "The point has no tariff on these days: choose one above.",
    ro: "Punctul nu are tarif în aceste zile: alegeți unul mai sus.",
  },
});
