import type { Language } from "@energsys/store";

/** What went wrong between the head-end and a device, by error code, as files say it. The pages say the same; a test compares. */
const errorWords: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  "link.timeout": { en: "The device did not answer in time.", ro: "Echipamentul nu a răspuns la timp." },
  "link.closed": { en: "The connection was cut.", ro: "Conexiunea s-a întrerupt." },
  "link.refused": { en: "The device refused the connection.", ro: "Echipamentul a refuzat conexiunea." },
  "link.unreachable": {
    en: "Nobody is reached at this address.",
    ro: "La această adresă nu răspunde nimeni.",
  },
  "link.busy": {
    en: "The device is busy with another session.",
    ro: "Echipamentul este ocupat cu altă sesiune.",
  },
  "link.garbled": {
    en: "What the device sent arrived broken.",
    ro: "Ce a trimis echipamentul a ajuns stricat.",
  },
  "link.unexpected": {
    en: "The device sent something that nobody asked for.",
    ro: "Echipamentul a trimis ceva ce nu s-a cerut.",
  },
  "family.link": { en: "The connection to the device failed.", ro: "Conexiunea cu echipamentul a eșuat." },
  "family.answer": {
    en: "The device answers, but not in a way that its model foresees.",
    ro: "Echipamentul răspunde, dar nu cum prevede modelul său.",
  },
  "family.store": { en: "What was read could not be stored.", ro: "Ce s-a citit nu a putut fi stocat." },
  "family.other": { en: "That did not work.", ro: "Nu a reușit." },
  "dial.timeout": { en: "The device's address does not answer.", ro: "Adresa echipamentului nu răspunde." },
  "dial.unreachable": {
    en: "There is no way to the device's address.",
    ro: "Adresa echipamentului nu poate fi contactată.",
  },
  "dial.not-allowed": {
    en: "The device's address is not among the networks that may be called.",
    ro: "Adresa echipamentului nu face parte din rețelele ce pot fi apelate.",
  },
  "dial.refused": {
    en: "The device's address refuses the connection.",
    ro: "Adresa echipamentului refuză conexiunea.",
  },
  "modem.busy": { en: "The device's number is engaged.", ro: "Numărul echipamentului este ocupat." },
  "modem.delayed": {
    en: "The modem makes us wait before it dials this number again.",
    ro: "Modemul impune o pauză înainte de a apela din nou acest număr.",
  },
  "modem.lost": { en: "The call was lost.", ro: "Apelul s-a întrerupt." },
  "modem.network": {
    en: "The mobile network or the SIM card refuses the call.",
    ro: "Rețeaua mobilă sau cartela SIM refuză apelul.",
  },
  "modem.no-answer": {
    en: "The device's number rings, and nobody answers.",
    ro: "Numărul echipamentului sună, dar nu răspunde nimeni.",
  },
  "modem.no-carrier": { en: "The call came to nothing.", ro: "Apelul nu s-a putut stabili." },
  "modem.no-dialtone": { en: "Our modem has no dial tone.", ro: "Modemul nostru nu are ton." },
  "modem.refused": {
    en: "Our modem does not know a command in the device's address.",
    ro: "Modemul nostru nu cunoaște o comandă din adresa echipamentului.",
  },
  "modem.silent": { en: "Our modem does not answer.", ro: "Modemul nostru nu răspunde." },
  "modem.timeout": {
    en: "Our modem dialled and never said what became of it.",
    ro: "Modemul nostru a apelat și nu a mai comunicat rezultatul.",
  },
  "identity.mismatch": {
    en: "Another meter answered at this address.",
    ro: "La această adresă a răspuns alt contor.",
  },
  "association.refused": {
    en: "The meter refused to be read in this way.",
    ro: "Contorul a refuzat acest mod de citire.",
  },
  "association.unproven": {
    en: "The meter refused the password or the secret.",
    ro: "Contorul a refuzat parola sau secretul.",
  },
  "association.meter-unproven": {
    en: "The meter does not know the secret that it should.",
    ro: "Contorul nu cunoaște secretul pe care ar trebui să îl aibă.",
  },
  "association.pdu-too-short": {
    en: "The meter finds our longest message too short.",
    ro: "Contorul consideră prea scurt mesajul nostru maxim.",
  },
  "dlms.deciphering-refused": {
    en: "The meter cannot decipher our messages.",
    ro: "Contorul nu poate descifra mesajele noastre.",
  },
  "dlms.tag": {
    en: "A message of the meter was changed, or made with another key.",
    ro: "Un mesaj al contorului a fost modificat sau făcut cu altă cheie.",
  },
  "dlms.replay": {
    en: "A message came that had come before.",
    ro: "A sosit un mesaj care mai sosise o dată.",
  },
  "dlms.protection": {
    en: "The meter answered with less protection than was agreed.",
    ro: "Contorul a răspuns cu mai puțină protecție decât s-a convenit.",
  },
  "dlms.counter-refused": {
    en: "The meter refuses our message counter.",
    ro: "Contorul refuză contorul nostru de mesaje.",
  },
  "read.counter-unknown": {
    en: "Where to go on counting messages is not known.",
    ro: "Nu se știe de unde se continuă numărarea mesajelor.",
  },
  "dlms.pdu-refused": {
    en: "The meter refuses a message as too long.",
    ro: "Contorul refuză un mesaj ca prea lung.",
  },
  "dlms.exception": {
    en: "The meter does not carry out this service.",
    ro: "Contorul nu execută acest serviciu.",
  },
  "read.no-profile": {
    en: "The meter does not have this load profile.",
    ro: "Contorul nu are această curbă de sarcină.",
  },
  "dlms.value-truncated": {
    en: "An answer of the meter stops before its end.",
    ro: "Un răspuns al contorului se oprește înainte de sfârșit.",
  },
  "read.key-missing": {
    en: "This device needs keys that are not stored.",
    ro: "Acest echipament are nevoie de chei care nu sunt stocate.",
  },
  "read.password-missing": {
    en: "This device needs a password or secret that is not stored.",
    ro: "Acest echipament are nevoie de o parolă sau un secret care nu este stocat.",
  },
};

const answerFamilies = new Set([
  "dlms",
  "cosem",
  "hdlc",
  "wrapper",
  "iec",
  "p1",
  "decode",
  "model",
  "driver",
  "read",
  "association",
]);

/** A sentence for an error code in a language; a code without its own is told by its family. */
export function errorWord(code: string, language: Language): string {
  const family = code.split(".", 1)[0]!;
  const told =
    family === "link" || family === "dial"
      ? "link"
      : family === "store"
        ? "store"
        : answerFamilies.has(family)
          ? "answer"
          : "other";
  const words = Object.hasOwn(errorWords, code) ? errorWords[code]! : errorWords[`family.${told}`]!;
  return words[language];
}
