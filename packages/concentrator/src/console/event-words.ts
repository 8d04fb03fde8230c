import { type Language, languages } from "./words.ts";

/** Events by their codes (docs/protocols/concentrator-centre.md, section 4), Romanian without marks and English. */
const table: Readonly<Record<number, readonly [ro: string, en: string]>> = {
  1: ["pornit", "started"],
  2: ["oprire comandata", "ordered shutdown"],
  3: ["ceas potrivit", "clock set"],
  4: ["ceas nesigur", "clock not reliable"],
  5: ["configuratie aplicata", "configuration took effect"],
  6: ["configuratie retrasa", "configuration rolled back"],
  257: ["retea cazuta", "mains failed"],
  258: ["retea revenita", "mains back"],
  259: ["pe rezerva", "on backup"],
  260: ["baterie descarcata", "battery low"],
  261: ["oprire fara alimentare", "shutting down, no supply"],
  513: ["memorie reparata", "store repaired"],
  514: ["memorie aproape plina", "store nearly full"],
  515: ["memorie plina", "store full"],
  516: ["memorie cu loc", "store has room"],
  769: ["aparat nou", "new meter"],
  770: ["aparat lipsa", "meter missing"],
  771: ["aparat revenit", "meter back"],
  772: ["aparat mutat", "meter moved"],
  773: ["aparat schimbat", "meter exchanged"],
  774: ["doua aparate la o adresa", "two with one address"],
  775: ["linie intrerupta", "line broken"],
  776: ["linie refacuta", "line back"],
  1025: ["copie facuta", "dump made"],
  1026: ["consola folosita", "console used"],
  1281: ["modem fara retea", "modem without network"],
  1282: ["modem in retea", "modem in its network"],
  4097: ["modul pornit", "module started"],
  4098: ["modul pe baterie", "module on battery"],
  4099: ["modul alimentat", "module on line supply"],
  4100: ["baterie de modul slaba", "module battery low"],
  4112: ["usa deschisa", "door opened"],
  4113: ["usa inchisa", "door closed"],
  4128: ["capac deschis", "tamper opened"],
  4129: ["capac inchis", "tamper closed"],
  4130: ["fir de impulsuri rupt", "pulse line broken"],
  4131: ["conectare gresita", "wrong wiring"],
  4144: ["releu deschis", "relay opened"],
  4145: ["releu inchis", "relay closed"],
  4146: ["releul nu asculta", "relay does not obey"],
};

/** What an event of the concentrator, of a module or of an input is called; "" for a code that none of them has. */
export const eventWord = (code: number, language: Language): string =>
  table[code]?.[languages.indexOf(language)] ?? "";
