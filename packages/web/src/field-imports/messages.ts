import { messages } from "../text/message.ts";

export const fieldImportText = messages({
  "nav.field-imports": { en: "Import from the field", ro: "Import din teren" },
  "page.field-imports": { en: "Import from the field", ro: "Import din teren" },
  "field.lead": {
    en: "A dump of a concentrator (its command dump FILE), or readings of a hand-held: CSV with serial, obis, time, value; or load curves of past times from an older system: CSV with serial, start, value. The file is checked first; nothing is written before you say so, and an import can be taken back.",
    ro: "O copie a jurnalului unui concentrator (comanda dump FISIER) sau citirile unui terminal portabil: CSV cu serie, registru, data, valoare; sau curbe de sarcină din trecut, dintr-un sistem mai vechi: CSV cu serie, început, valoare. Fișierul este verificat întâi; nu se scrie nimic înainte de confirmare, iar importul poate fi anulat.",
  },
  "field.file": { en: "File", ro: "Fișier" },
  "field.check": { en: "Check the file", ro: "Verifică fișierul" },
  "field.import": { en: "Import", ro: "Importă" },
  "field.other": { en: "Another file", ro: "Alt fișier" },
  "field.too-large": {
    en: "Larger than 64 MB: take it in on the server, by energsys import.",
    ro: "Mai mare de 64 MB: importați-l pe server, cu energsys import.",
  },
  "field.found": { en: "What is in it", ro: "Ce conține" },
  "field.dump": {
    en: "Dump of {identity}, made {made}: entries {first} to {last}, {beyond} of which the line has not brought yet.",
    ro: "Copie a jurnalului {identity}, făcută la {made}: înregistrările {first}–{last}, dintre care {beyond} nu au venit încă pe linie.",
  },
  "field.hand-held": {
    en: "{entries, plural, one {# reading} other {# readings}} of a hand-held that can be used.",
    ro: "{entries, plural, one {# citire utilizabilă} few {# citiri utilizabile} other {# de citiri utilizabile}} ale unui terminal portabil.",
  },
  "field.load-curves": {
    en: "Load curves: {entries, plural, one {# interval} other {# intervals}} that can be used.",
    ro: "Curbe de sarcină: {entries, plural, one {# interval utilizabil} few {# intervale utilizabile} other {# de intervale utilizabile}}.",
  },
  "field.final": { en: "These values are final", ro: "Aceste valori sunt finale" },
  "field.final-do": {
    en: "The last word, for instance of a partner: where they replace others, no validation issue asks anybody to look (V05).",
    ro: "Ultimul cuvânt, de exemplu al unui partener: unde înlocuiesc alte valori, nicio constatare nu mai cere verificarea lor (V05).",
  },
  "field.is-final": { en: "final values", ro: "valori finale" },
  "field.before": {
    en: "This very file was imported before: importing it again changes nothing that it brought.",
    ro: "Exact acest fișier a fost deja importat: un nou import nu schimbă nimic din ce a adus.",
  },
  "field.meter": { en: "Meter", ro: "Contor" },
  "field.intervals": { en: "Intervals", ro: "Intervale" },
  "field.readings": { en: "Readings", ro: "Indexuri" },
  "field.added": { en: "New", ro: "Noi" },
  "field.differ": { en: "Differ", ro: "Diferă" },
  "field.note": { en: "Note", ro: "Observație" },
  "field.not-adopted": {
    en: "nobody adopted it: kept until somebody does",
    ro: "nepreluat: se păstrează până la preluare",
  },
  "field.lower": {
    en: "{count, plural, one {# reading is} other {# readings are}} lower than before: marked as suspect",
    ro: "{count, plural, one {# index este mai mic} few {# indexuri sunt mai mici} other {# de indexuri sunt mai mici}} decât înainte: marcate ca suspecte",
  },
  "field.meters-more": { en: "and {count} more", ro: "și încă {count}" },
  "field.refused": {
    en: "Refused: {count, plural, =0 {0 lines} one {# line} other {# lines}}",
    ro: "Refuzate: {count, plural, =0 {0 linii} one {# linie} few {# linii} other {# de linii}}",
  },
  "field.line": { en: "line {line}", ro: "linia {line}" },
  "refused.columns": { en: "too few columns", ro: "prea puține coloane" },
  "refused.serial": { en: "no serial number", ro: "lipsește seria" },
  "refused.register": { en: "not a register", ro: "nu este un registru" },
  "refused.time": {
    en: "not a time, or one that does not exist or comes twice at the change of the clocks",
    ro: "nu este un moment, nu există sau apare de două ori la schimbarea orei",
  },
  "refused.time-ahead": { en: "in the future", ro: "în viitor" },
  "refused.value": { en: "not a value", ro: "nu este o valoare" },
  "refused.unit": { en: "unit not known", ro: "unitate necunoscută" },
  "refused.twice": { en: "the same reading twice", ro: "aceeași citire de două ori" },
  "refused.unknown-meter": { en: "no such meter", ro: "nu există un astfel de contor" },
  "refused.two-meters": {
    en: "more than one meter has this number",
    ro: "mai multe contoare au acest număr",
  },
  "refused.period": {
    en: "the intervals of this curve are not 5, 10, 15, 30 or 60 minutes long",
    ro: "intervalele acestei curbe nu au 5, 10, 15, 30 sau 60 de minute",
  },
  "refused.no-constant": {
    en: "the meter's installation has no constant for these pulses",
    ro: "montarea contorului nu are o constantă pentru aceste impulsuri",
  },
  "refused.off-grid": { en: "not the start of an interval", ro: "nu este începutul unui interval" },
  "refused.unreadable": { en: "entry cannot be read", ro: "înregistrarea nu poate fi citită" },
  "field.done": {
    en: "Import {id}: {intervals} intervals, {registers} readings and {events} events are stored; {kept} entries wait for meters that nobody adopted.",
    ro: "Importul {id}: s-au stocat {intervals} intervale, {registers} indexuri și {events} evenimente; {kept} înregistrări așteaptă contoare nepreluate.",
  },
  "field.list": { en: "Imports", ro: "Importuri" },
  "field.none": { en: "Nothing was imported yet", ro: "Încă nu s-a importat nimic" },
  "field.none-do": {
    en: "What is taken in above stands here, with who did it, and can be taken back.",
    ro: "Ce se importă mai sus apare aici, cu autorul, și poate fi anulat.",
  },
  "field.when": { en: "Imported", ro: "Importat" },
  "field.name": { en: "File", ro: "Fișier" },
  "field.what": { en: "Changed", ro: "A schimbat" },
  "field.what-value": {
    en: "{meters} meters: {intervals} intervals, {registers} readings, {events} events; {refused} refused",
    ro: "{meters} contoare: {intervals} intervale, {registers} indexuri, {events} evenimente; {refused} refuzate",
  },
  "field.state": { en: "State", ro: "Stare" },
  "field.in-force": { en: "in force", ro: "în vigoare" },
  "field.broken-off": { en: "broke off", ro: "întrerupt" },
  "field.undone": { en: "taken back", ro: "anulat" },
  "field.undone-value": {
    en: "{name}, {time}: {reason}; {intervals} intervals and {registers} readings, {kept} stayed",
    ro: "{name}, {time}: {reason}; {intervals} intervale și {registers} indexuri, {kept} au rămas",
  },
  "field.undo": { en: "Take back", ro: "Anulează importul" },
  "field.undo-of": { en: "Take back {name}", ro: "Anulează importul {name}" },
  "field.undo-lead": {
    en: "Values get back what they were before this file; what somebody changed since stays, and so do events. The history of each value is kept. What the concentrator's own line has brought in the meantime is asked of it again.",
    ro: "Valorile redevin cele dinaintea acestui fișier; ce s-a schimbat între timp rămâne, la fel evenimentele. Istoricul fiecărei valori se păstrează. Ce a adus între timp linia concentratorului i se cere din nou.",
  },
  "field.undo-done": {
    en: "{intervals} intervals and {registers} readings are as they were; {kept} that were changed since stay.",
    ro: "{intervals} intervale și {registers} indexuri sunt ca înainte; {kept} schimbate între timp rămân.",
  },
});
