import { messages } from "../text/message.ts";

export const exportsText = messages({
  "exports.new": { en: "New file", ro: "Fișier nou" },
  "exports.format": { en: "Kind of file", ro: "Tipul fișierului" },
  "exports.csv": { en: "CSV, for any program", ro: "CSV, pentru orice program" },
  "exports.xlsx": { en: "XLSX, for spreadsheets", ro: "XLSX, pentru calcul tabelar" },
  "exports.parquet": { en: "Parquet, for data analysis", ro: "Parquet, pentru analiza datelor" },
  "exports.size": {
    en: "{points, plural, one {# point} other {# points}}, at most {rows, plural, one {# row} other {# rows}}",
    ro: "{points, plural, one {# punct} few {# puncte} other {# de puncte}}, cel mult {rows, plural, one {# rând} few {# rânduri} other {# de rânduri}}",
  },
  "exports.now": { en: "Download", ro: "Descarcă" },
  "exports.later": {
    en: "More than {max, plural, one {# row} other {# rows}}: the file is written in the background and waits below.",
    ro: "Peste {max, plural, one {# rând} few {# rânduri} other {# de rânduri}}: fișierul se scrie în fundal și așteaptă mai jos.",
  },
  "exports.queue": { en: "Write the file", ro: "Scrie fișierul" },
  "exports.queued": { en: "The file is being written", ro: "Fișierul se scrie" },
  "exports.nothing": { en: "No point has values here.", ro: "Niciun punct nu are valori aici." },
  "exports.mine": { en: "My files", ro: "Fișierele mele" },
  "exports.none": { en: "No file yet", ro: "Niciun fișier încă" },
  "exports.none-do": {
    en: "Files that take longer to write wait here, {days, plural, one {# day} other {# days}} each.",
    ro: "Fișierele care se scriu mai greu așteaptă aici, câte {days, plural, one {# zi} few {# zile} other {# de zile}}.",
  },
  "exports.file": { en: "File", ro: "Fișier" },
  "exports.asked": { en: "Asked for", ro: "Cerut" },
  "exports.state": { en: "State", ro: "Stare" },
  "exports.content": { en: "Content", ro: "Conținut" },
  "exports.state-queued": { en: "waits", ro: "așteaptă" },
  "exports.state-running": { en: "being written", ro: "se scrie" },
  "exports.state-done": { en: "ready", ro: "gata" },
  "exports.state-failed": { en: "failed", ro: "eșuat" },
  "exports.state-cancelled": { en: "cancelled", ro: "anulat" },
  "exports.until": { en: "until {when}", ro: "până la {when}" },
  "exports.holds": {
    en: "{points, plural, one {# point} other {# points}}, {rows, plural, one {# row} other {# rows}}, {size}",
    ro: "{points, plural, one {# punct} few {# puncte} other {# de puncte}}, {rows, plural, one {# rând} few {# rânduri} other {# de rânduri}}, {size}",
  },
  "exports.remove": { en: "Remove", ro: "Elimină" },
  "exports.remove-this": { en: "Remove the file {name}", ro: "Elimină fișierul {name}" },
  "exports.download-this": { en: "Download the file {name}", ro: "Descarcă fișierul {name}" },
  "exports.help": {
    en: "A file has one line for each interval of each point: POD, local start with its UTC offset, length, exact value, unit, and quality. Of a group it holds the times in which a point was a member. A line without a value is an interval that was expected and is missing. Points outside of your rights are left out. Parquet has the same columns with English names and exact decimals. Every file is written in the activity log with what was asked for.",
    ro: "Fișierul are câte o linie pentru fiecare interval al fiecărui punct: POD, începutul local cu decalajul UTC, durata, valoarea exactă, unitatea și calitatea. Pentru un grup conține perioadele în care punctul a fost membru. O linie fără valoare este un interval așteptat care lipsește. Punctele din afara drepturilor dumneavoastră nu apar. Parquet are aceleași coloane, cu nume în engleză și zecimale exacte. Fiecare fișier apare în jurnalul de activitate, cu ceea ce s-a cerut.",
  },
});
