import { messages } from "./message.ts";

/** What may go wrong between the head-end and a device, by error code: a sentence and what to do. */
export const deviceProblemText = messages({
  "problem.dial.timeout": {
    en: "The device's address does not answer.",
    ro: "Adresa echipamentului nu răspunde.",
  },
  "problem.dial.timeout.do": {
    en: "Check modem, SIM and tunnel; it is tried again by itself.",
    ro: "Verificați modemul, cartela SIM și tunelul; se încearcă din nou automat.",
  },
  "problem.dial.unreachable": {
    en: "There is no way to the device's address.",
    ro: "Adresa echipamentului nu poate fi contactată.",
  },
  "problem.dial.unreachable.do": {
    en: "Check the network and the tunnel on this side first.",
    ro: "Verificați întâi rețeaua și tunelul de pe partea noastră.",
  },
  "problem.dial.not-allowed": {
    en: "The device's address is not among the networks that may be called.",
    ro: "Adresa echipamentului nu face parte din rețelele ce pot fi apelate.",
  },
  "problem.dial.not-allowed.do": {
    en: "Administration › Tunnels, networks that may be called.",
    ro: "Administrare › Tuneluri, rețele ce pot fi apelate.",
  },
  "problem.dial.refused": {
    en: "The device's address refuses the connection.",
    ro: "Adresa echipamentului refuză conexiunea.",
  },
  "problem.dial.refused.do": {
    en: "Check the port; a modem may still hold its last connection.",
    ro: "Verificați portul; modemul poate ține încă ultima conexiune.",
  },
  "problem.modem.busy": {
    en: "The device's number is engaged.",
    ro: "Numărul echipamentului este ocupat.",
  },
  "problem.modem.busy.do": {
    en: "It is tried again; somebody else may be reading it.",
    ro: "Se încearcă din nou; poate îl citește altcineva.",
  },
  "problem.modem.delayed": {
    en: "The modem makes us wait before it dials this number again.",
    ro: "Modemul impune o pauză înainte de a apela din nou acest număr.",
  },
  "problem.modem.delayed.do": {
    en: "Wait; it is tried again by itself.",
    ro: "Așteptați; se încearcă din nou automat.",
  },
  "problem.modem.lost": {
    en: "The call was lost.",
    ro: "Apelul s-a întrerupt.",
  },
  "problem.modem.lost.do": {
    en: "It is tried again; check the signal on both sides when it repeats.",
    ro: "Se încearcă din nou; dacă se repetă, verificați semnalul la ambele capete.",
  },
  "problem.modem.network": {
    en: "The mobile network or the SIM card refuses the call.",
    ro: "Rețeaua mobilă sau cartela SIM refuză apelul.",
  },
  "problem.modem.network.do": {
    en: "Check the card, the antenna and whether data calls are allowed.",
    ro: "Verificați cartela, antena și dacă apelurile de date sunt permise.",
  },
  "problem.modem.no-answer": {
    en: "The device's number rings, and nobody answers.",
    ro: "Numărul echipamentului sună, dar nu răspunde nimeni.",
  },
  "problem.modem.no-answer.do": {
    en: "Check that the device has power and its modem answers by itself.",
    ro: "Verificați dacă echipamentul are alimentare și dacă modemul răspunde automat.",
  },
  "problem.modem.no-carrier": {
    en: "The call came to nothing.",
    ro: "Apelul nu s-a putut stabili.",
  },
  "problem.modem.no-carrier.do": {
    en: "Check the number and the settings of both modems.",
    ro: "Verificați numărul și setările ambelor modemuri.",
  },
  "problem.modem.no-dialtone": {
    en: "Our modem has no dial tone.",
    ro: "Modemul nostru nu are ton.",
  },
  "problem.modem.no-dialtone.do": {
    en: "Check its cable and the exchange line.",
    ro: "Verificați cablul și linia telefonică.",
  },
  "problem.modem.refused": {
    en: "Our modem does not know a command in the device's address.",
    ro: "Modemul nostru nu cunoaște o comandă din adresa echipamentului.",
  },
  "problem.modem.refused.do": {
    en: "Correct “init” in the device's address.",
    ro: "Corectați „init” din adresa echipamentului.",
  },
  "problem.modem.silent": {
    en: "Our modem does not answer.",
    ro: "Modemul nostru nu răspunde.",
  },
  "problem.modem.silent.do": {
    en: "Check its power, its cable and the rate in the device's address.",
    ro: "Verificați alimentarea, cablul și viteza din adresa echipamentului.",
  },
  "problem.modem.timeout": {
    en: "Our modem dialled and never said what became of it.",
    ro: "Modemul nostru a apelat și nu a mai comunicat rezultatul.",
  },
  "problem.modem.timeout.do": {
    en: "Switch the modem off and on.",
    ro: "Opriți și reporniți modemul.",
  },
  "problem.identity.mismatch": {
    en: "Another meter answered at this address.",
    ro: "La această adresă a răspuns alt contor.",
  },
  "problem.identity.mismatch.do": {
    en: "Nothing of it was stored. Was the meter exchanged, or the address given twice?",
    ro: "Nu s-a stocat nimic. A fost schimbat contorul, sau adresa este folosită de două ori?",
  },
  "problem.association.refused": {
    en: "The meter refused to be read in this way.",
    ro: "Contorul a refuzat acest mod de citire.",
  },
  "problem.association.refused.do": {
    en: "Check the client number and the kind of authentication.",
    ro: "Verificați numărul clientului și felul autentificării.",
  },
  "problem.association.unproven": {
    en: "The meter refused the password or the secret.",
    ro: "Contorul a refuzat parola sau secretul.",
  },
  "problem.association.unproven.do": {
    en: "Check it before trying again: some meters lock after a few wrong ones.",
    ro: "Verificați înainte de a încerca din nou: unele contoare se blochează după câteva greșeli.",
  },
  "problem.association.meter-unproven": {
    en: "The meter does not know the secret that it should.",
    ro: "Contorul nu cunoaște secretul pe care ar trebui să îl aibă.",
  },
  "problem.association.meter-unproven.do": {
    en: "Check the secret; if it is right, somebody else may answer in the meter's place.",
    ro: "Verificați secretul; dacă este corect, poate răspunde altcineva în locul contorului.",
  },
  "problem.association.pdu-too-short": {
    en: "The meter finds our longest message too short.",
    ro: "Contorul consideră prea scurt mesajul nostru maxim.",
  },
  "problem.association.pdu-too-short.do": {
    en: "Raise or leave out “pdu” in the device's address.",
    ro: "Măriți sau scoateți „pdu” din adresa echipamentului.",
  },
  "problem.dlms.deciphering-refused": {
    en: "The meter cannot decipher our messages.",
    ro: "Contorul nu poate descifra mesajele noastre.",
  },
  "problem.dlms.deciphering-refused.do": {
    en: "The meter has other keys. Check both before trying again: some meters lock.",
    ro: "Contorul are alte chei. Verificați-le pe amândouă înainte de a încerca din nou: unele contoare se blochează.",
  },
  "problem.dlms.tag": {
    en: "A message of the meter was changed, or made with another key.",
    ro: "Un mesaj al contorului a fost modificat sau făcut cu altă cheie.",
  },
  "problem.dlms.tag.do": {
    en: "Nothing of it was used. Check both keys and the meter's system title.",
    ro: "Nu s-a folosit nimic din el. Verificați ambele chei și titlul de sistem al contorului.",
  },
  "problem.dlms.replay": {
    en: "A message came that had come before.",
    ro: "A sosit un mesaj care mai sosise o dată.",
  },
  "problem.dlms.replay.do": {
    en: "Nothing of it was used. If it happens again, somebody may be repeating messages on the line.",
    ro: "Nu s-a folosit nimic din el. Dacă se repetă, cineva poate retrimite mesaje pe linie.",
  },
  "problem.dlms.protection": {
    en: "The meter answered with less protection than was agreed.",
    ro: "Contorul a răspuns cu mai puțină protecție decât s-a convenit.",
  },
  "problem.dlms.protection.do": {
    en: "Nothing of it was used. Check what the meter is set to protect.",
    ro: "Nu s-a folosit nimic din răspuns. Verificați ce este setat contorul să protejeze.",
  },
  "problem.dlms.counter-refused": {
    en: "The meter refuses our message counter.",
    ro: "Contorul refuză contorul nostru de mesaje.",
  },
  "problem.dlms.counter-refused.do": {
    en: "Another reader used the same key. Read the counter again, or give “counter” in the address.",
    ro: "Un alt cititor a folosit aceeași cheie. Recitiți contorul de mesaje sau dați „counter” în adresă.",
  },
  "problem.read.counter-unknown": {
    en: "Where to go on counting messages is not known.",
    ro: "Nu se știe de unde se continuă numărarea mesajelor.",
  },
  "problem.read.counter-unknown.do": {
    en: "The meter does not show it: give “counter” in the address.",
    ro: "Contorul nu o arată: dați „counter” în adresă.",
  },
  "problem.dlms.pdu-refused": {
    en: "The meter refuses a message as too long.",
    ro: "Contorul refuză un mesaj ca prea lung.",
  },
  "problem.dlms.pdu-refused.do": {
    en: "Check the model: it may ask for too much at once.",
    ro: "Verificați modelul: poate cere prea mult deodată.",
  },
  "problem.dlms.exception": {
    en: "The meter does not carry out this service.",
    ro: "Contorul nu execută acest serviciu.",
  },
  "problem.dlms.exception.do": {
    en: "Check what this client may do, and the model.",
    ro: "Verificați ce are voie acest client și modelul.",
  },
  "problem.read.no-profile": {
    en: "The meter does not have this load profile.",
    ro: "Contorul nu are această curbă de sarcină.",
  },
  "problem.read.no-profile.do": {
    en: "Check the model against the meter's object list.",
    ro: "Comparați modelul cu lista de obiecte a contorului.",
  },
  "problem.dlms.value-truncated": {
    en: "An answer of the meter stops before its end.",
    ro: "Un răspuns al contorului se oprește înainte de sfârșit.",
  },
  "problem.dlms.value-truncated.do": {
    en: "It is asked for again; if it stays so, the model asks for too much at once.",
    ro: "Se cere din nou; dacă rămâne așa, modelul cere prea mult deodată.",
  },
  "problem.read.key-missing": {
    en: "This device needs keys that are not stored.",
    ro: "Acest echipament are nevoie de chei care nu sunt stocate.",
  },
  "problem.read.key-missing.do": {
    en: "Give its encryption and authentication key.",
    ro: "Introduceți cheia de criptare și cheia de autentificare.",
  },
  "problem.read.password-missing": {
    en: "This device needs a password or secret that is not stored.",
    ro: "Acest echipament are nevoie de o parolă sau un secret care nu este stocat.",
  },
  "problem.read.password-missing.do": { en: "Give it with the device.", ro: "Introduceți-l la echipament." },
});
