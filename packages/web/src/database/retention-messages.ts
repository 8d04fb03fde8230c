import { messages } from "../text/message.ts";

export const retentionText = messages({
  "jobs.kind.run-retention": { en: "Removal of old data", ro: "Eliminarea datelor vechi" },
  "retention.title": { en: "How long data are kept", ro: "Cât timp se păstrează datele" },
  "retention.lead": {
    en: "Nothing goes by itself: a run takes what is older, whole months at a time, and is written down. The sums of each month are kept with the register readings. What was billed, subscribers and contracts, and the activity log are not taken.",
    ro: "Nimic nu dispare singur: o rulare elimină ce este mai vechi, luni întregi odată, și se consemnează. Totalurile fiecărei luni se păstrează cât indexurile. Ce s-a facturat, abonații și contractele și jurnalul de activitate nu se elimină.",
  },
  "retention.class": { en: "Data", ro: "Date" },
  "retention.class-intervals": {
    en: "Quarter-hours, their versions, raw deliveries",
    ro: "Sferturi de oră, versiunile lor, livrări brute",
  },
  "retention.class-registers": { en: "Register readings", ro: "Indexuri" },
  "retention.class-events": {
    en: "Events and history of communication",
    ro: "Evenimente și istoricul comunicației",
  },
  "retention.class-imports": {
    en: "Files of points that were brought, with what was there before",
    ro: "Fișiere de puncte încărcate, cu ce era înainte",
  },
  "retention.purpose": { en: "For what", ro: "Scop" },
  "retention.kept-for": { en: "Kept for", ro: "Se păstrează" },
  "retention.least": { en: "Months; {count} at least", ro: "Luni; cel puțin {count}" },
  "retention.months": {
    en: "{count, plural, one {# month} other {# months}}",
    ro: "{count, plural, one {# lună} few {# luni} other {# de luni}}",
  },
  "retention.due": { en: "A run now would take", ro: "O rulare acum ar elimina" },
  "retention.nothing": { en: "nothing: all is from {day} on", ro: "nimic: totul este de după {day}" },
  "retention.effect": {
    en: "{rows} rows before {day}; {months, plural, =0 {no whole months} one {# month of a table, {bytes}} other {# months of tables, {bytes}}}",
    ro: "{rows} rânduri dinainte de {day}; {months, plural, =0 {nicio lună întreagă} one {# lună a unei tabele, {bytes}} few {# luni ale tabelelor, {bytes}} other {# de luni ale tabelelor, {bytes}}}",
  },
  "retention.stays": {
    en: "Stays, since somebody has to decide about it: {months}",
    ro: "Rămâne, deoarece cineva trebuie să decidă: {months}",
  },
  "retention.run": { en: "Remove old data…", ro: "Elimină datele vechi…" },
  "retention.run-now": { en: "Remove them for ever", ro: "Elimină-le definitiv" },
  "retention.for-ever": {
    en: "It cannot be taken back; backups keep what they have until they are dropped themselves.",
    ro: "Nu se poate anula; copiile de siguranță păstrează ce conțin până când sunt eliminate și ele.",
  },
  "retention.begun": {
    en: "A job does it; the tray shows how far it is.",
    ro: "O sarcină se ocupă; tava arată progresul.",
  },
  "retention.runs": { en: "Earlier runs", ro: "Rulări anterioare" },
  "retention.ran": {
    en: "{time}, {who}: {class} before {day}: {months, plural, one {# month} other {# months}} ({bytes}), {rows} other rows",
    ro: "{time}, {who}: {class} dinainte de {day}: {months, plural, one {# lună} few {# luni} other {# de luni}} ({bytes}), {rows} alte rânduri",
  },
  "retention.change-of": { en: "Change how long: {class}", ro: "Modifică durata: {class}" },
});
