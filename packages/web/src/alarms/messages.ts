import { messages } from "../text/message.ts";

export const alarmsText = messages({
  "nav.alarms": { en: "Alarms", ro: "Alarme" },
  "alarms.show": { en: "Shown", ro: "Afișate" },
  "alarms.unacknowledged": { en: "Unacknowledged", ro: "Neconfirmate" },
  "alarms.active": { en: "Active", ro: "Active" },
  "alarms.all": { en: "History", ro: "Istoric" },
  "alarms.severity": { en: "Severity", ro: "Gravitate" },
  "alarms.any": { en: "any severity", ro: "orice gravitate" },
  "alarms.critical": { en: "critical", ro: "critică" },
  "alarms.medium": { en: "medium", ro: "medie" },
  "alarms.low": { en: "low", ro: "redusă" },
  "alarms.counts": {
    en: "Unacknowledged in 30 days: {critical} critical, {medium} medium, {low} low",
    ro: "Neconfirmate în 30 de zile: {critical} critice, {medium} medii, {low} reduse",
  },
  "alarms.undelivered": { en: "Reports that were not delivered", ro: "Rapoarte nelivrate" },
  "alarms.undelivered-to": {
    en: "{count, plural, one {# recipient} other {# recipients}}",
    ro: "{count, plural, one {# destinatar} few {# destinatari} other {# de destinatari}}",
  },
  "alarms.undelivered-since": { en: "of {name}, since {time}", ro: "al lui {name}, din {time}" },
  "alarms.choose-one": { en: "Choose {what}, {where}, {when}", ro: "Alege {what}, {where}, {when}" },
  "alarms.choose-all": { en: "Choose all that are shown", ro: "Alege tot ce este afișat" },
  "alarms.what": { en: "What", ro: "Ce" },
  "alarms.where": { en: "Where", ro: "Unde" },
  "alarms.since": { en: "Since", ro: "De la" },
  "alarms.standing": { en: "State", ro: "Stare" },
  "alarms.lasts": { en: "lasts", ro: "continuă" },
  "alarms.over": { en: "over since {time}", ro: "încetată la {time}" },
  "alarms.seen": { en: "{name}, {time}", ro: "{name}, {time}" },
  "alarms.seen-by": { en: "Acknowledged", ro: "Confirmată" },
  "alarms.acknowledge": {
    en: "Acknowledge {count, plural, =0 {} other {(#)}}",
    ro: "Confirmă {count, plural, =0 {} other {(#)}}",
  },
  "alarms.acknowledge-lead": {
    en: "{count, plural, one {One alarm is} other {# alarms are}} marked as seen by you. This cannot be taken back and stands in the activity log.",
    ro: "{count, plural, one {O alarmă va fi marcată ca văzută} few {# alarme vor fi marcate ca văzute} other {# de alarme vor fi marcate ca văzute}} de dumneavoastră. Nu se poate retrage și rămâne în jurnalul de activitate.",
  },
  "alarms.note": { en: "Note", ro: "Notă" },
  "alarms.note-help": {
    en: "What was found or done, a work order; may stay empty",
    ro: "Ce s-a constatat sau s-a făcut, un ordin de lucru; poate rămâne gol",
  },
  "alarms.none": { en: "No alarm here", ro: "Nicio alarmă aici" },
  "alarms.none-do": {
    en: "Doors, tampering, lost supply and missing meters of the last 30 days appear here as soon as a device tells of them.",
    ro: "Ușile deschise, intervențiile, lipsa alimentării și contoarele lipsă din ultimele 30 de zile apar aici de îndată ce un echipament le semnalează.",
  },
  "alarms.shown-of": { en: "The first {shown} of {total}", ro: "Primele {shown} din {total}" },
});
