import { messages } from "../text/message.ts";

export const pointsText = messages({
  "points.title": { en: "Points of measure", ro: "Puncte de măsurare" },
  "points.find": { en: "POD, name, address, meter serial", ro: "POD, nume, adresă, serie contor" },
  "points.pod": { en: "POD", ro: "POD" },
  "points.name": { en: "Name", ro: "Nume" },
  "points.address": { en: "Address", ro: "Adresă" },
  "points.branch": { en: "Branch", ro: "Ramură" },
  "points.state": { en: "State", ro: "Stare" },
  "points.serial": { en: "Meter", ro: "Contor" },
  "points.model": { en: "Model", ro: "Model" },
  "points.last-contact": { en: "Last contact", ro: "Ultimul contact" },
  "points.last-index": { en: "Last index A+", ro: "Ultimul index A+" },
  "points.phases": { en: "Phases", ro: "Faze" },
  "points.any": { en: "any", ro: "oricare" },
  "points.clear": { en: "Clear the filters", ro: "Șterge filtrele" },
  "points.none-yet": { en: "No points yet", ro: "Încă nu există puncte" },
  "points.none-yet-do": {
    en: "Points appear here as soon as the first device is added.",
    ro: "Punctele apar aici de îndată ce este adăugat primul echipament.",
  },
  "points.add": { en: "Add a device", ro: "Adaugă un echipament" },
  "points.sample": { en: "Try the sample network", ro: "Încearcă rețeaua de probă" },
  "points.no-match": { en: "No point matches these filters", ro: "Niciun punct nu corespunde filtrelor" },
  "points.no-match-of": { en: "Filtered by: {filters}", ro: "Filtrat după: {filters}" },
});
