import { messages } from "../text/message.ts";

/** Schedule and limits of concentrators. */
export const gatewaySettingText = messages({
  "settings.title": { en: "Schedule and limits", ro: "Program și limite" },
  "settings.unread": {
    en: "Its configuration was not read yet: read its state.",
    ro: "Configurația nu a fost încă citită: citiți starea.",
  },
  "settings.default": { en: "its own default", ro: "valoarea implicită" },
  "settings.days": {
    en: "{count, plural, one {# day} other {# days}}",
    ro: "{count, plural, one {# zi} few {# zile} other {# de zile}}",
  },
  "settings.in-days": { en: "days, {min} to {max}", ro: "zile, de la {min} la {max}" },
  "settings.in-seconds": { en: "seconds, {min} to {max}", ro: "secunde, de la {min} la {max}" },
  "settings.change": { en: "Change", ro: "Modifică" },
  "settings.no-change": { en: "Nothing is different yet.", ro: "Încă nu diferă nimic." },
  "settings.lead": {
    en: "The concentrator tries the new settings for ten minutes. They are confirmed when it calls again under them; otherwise it goes back to those of before by itself.",
    ro: "Concentratorul probează noile valori zece minute. Sunt confirmate când apelează din nou cu ele; altfel revine singur la cele dinainte.",
  },
  "settings.send": { en: "Send", ro: "Trimite" },
  "settings.history": { en: "What was sent", ro: "Ce s-a trimis" },
  "proposal.queued": { en: "waits for its line", ro: "așteaptă legătura" },
  "proposal.sent": { en: "on trial", ro: "în probă" },
  "proposal.confirmed": { en: "confirmed", ro: "confirmată" },
  "proposal.rolled-back": { en: "rolled back", ro: "revenit la cea veche" },
  "proposal.refused": { en: "refused", ro: "refuzată" },
  "proposal.cancelled": { en: "not sent", ro: "netrimisă" },
  "setting.schedule.registersEverySeconds": { en: "Reads registers every", ro: "Citește indexurile la" },
  "setting.schedule.profilesEverySeconds": { en: "Reads load profiles every", ro: "Citește curbele la" },
  "setting.schedule.eventsEverySeconds": { en: "Reads events every", ro: "Citește evenimentele la" },
  "setting.schedule.sealEverySeconds": { en: "Writes its journal every", ro: "Scrie jurnalul la" },
  "setting.schedule.scanEverySeconds": { en: "Scans its lines every", ro: "Scanează liniile la" },
  "setting.schedule.clocksEverySeconds": { en: "Sets the clocks every", ro: "Reglează ceasurile la" },
  "setting.schedule.profileBackDays": { en: "Asks profiles back for", ro: "Cere curbele înapoi pe" },
  "setting.store.keepDays": { en: "Keeps what was taken for", ro: "Păstrează ce s-a preluat" },
  "setting.centre.heartbeatSeconds": { en: "Announces itself after", ro: "Se anunță după" },
});
