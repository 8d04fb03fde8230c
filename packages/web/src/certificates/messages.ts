import { messages } from "../text/message.ts";

export const certificatesText = messages({
  "nav.certificates": { en: "Certificates", ro: "Certificate" },
  "certificates.loading": { en: "Looking for the certificates…", ro: "Se caută certificatele…" },
  "certificates.about": {
    en: "A device that calls in by TLS says by its certificate who it is. Its file holds the private key and is given out once.",
    ro: "Un echipament care apelează prin TLS își dovedește identitatea prin certificat. Fișierul lui conține cheia privată și se dă o singură dată.",
  },
  "certificates.address": { en: "Devices call {address}", ro: "Echipamentele apelează {address}" },
  "certificates.none": {
    en: "No device has a certificate yet. The first one makes the authority.",
    ro: "Niciun echipament nu are încă certificat. Primul creează autoritatea.",
  },
  "certificates.none-match": { en: "No certificate matches.", ro: "Niciun certificat nu corespunde." },
  "certificates.filter": { en: "Device or fingerprint", ro: "Echipament sau amprentă" },
  "certificates.past-too": { en: "Ended and revoked ones too", ro: "Și cele expirate sau revocate" },
  "certificates.shown-of": {
    en: "The first {shown} of {total}: narrow them down.",
    ro: "Primele {shown} din {total}: restrângeți căutarea.",
  },
  "certificates.count": {
    en: "{used} in use, {unused} never shown, {soon} end within 60 days",
    ro: "{used} în uz, {unused} neprezentate, {soon} expiră în 60 de zile",
  },
  "certificates.device": { en: "Device", ro: "Echipament" },
  "certificates.state": { en: "State", ro: "Stare" },
  "certificates.issued": { en: "Issued", ro: "Emis" },
  "certificates.ends": { en: "Ends", ro: "Expiră" },
  "certificates.last-used": { en: "Shown last", ro: "Prezentat ultima dată" },
  "certificates.actions": { en: "Actions", ro: "Acțiuni" },
  "certificates.state-in-use": { en: "in use", ro: "în uz" },
  "certificates.state-not-used": { en: "never shown", ro: "neprezentat" },
  "certificates.state-ended": { en: "ended", ro: "expirat" },
  "certificates.state-revoked": { en: "revoked", ro: "revocat" },
  "certificates.soon": { en: "soon", ro: "curând" },
  "certificates.issue": { en: "Issue a certificate", ro: "Emite un certificat" },
  "certificates.replace": { en: "Replace", ro: "Înlocuiește" },
  "certificates.replace-of": {
    en: "Replace the certificate of {name}",
    ro: "Înlocuiește certificatul {name}",
  },
  "certificates.replace-lead": {
    en: "The certificate that {name} uses stays good until it shows the new one. One that was never shown ends at once.",
    ro: "Certificatul folosit de {name} rămâne valabil până când îl prezintă pe cel nou. Unul neprezentat încetează imediat.",
  },
  "certificates.revoke": { en: "Revoke", ro: "Revocă" },
  "certificates.revoke-of": { en: "Revoke the certificate of {name}", ro: "Revocă certificatul {name}" },
  "certificates.revoke-lead": {
    en: "The line of {name} is cut within seconds, and it is admitted again only with a new certificate or from its own tunnel. This cannot be undone.",
    ro: "Legătura {name} se întrerupe în câteva secunde și echipamentul mai este acceptat numai cu un certificat nou sau din propriul tunel. Nu se poate anula.",
  },
  "certificates.identity": { en: "Identity of the device", ro: "Identitatea echipamentului" },
  "certificates.identity-help": {
    en: "A concentrator's identity, such as ENC0000000000017, or a device that is entered.",
    ro: "Identitatea unui concentrator, de exemplu ENC0000000000017, sau un echipament introdus.",
  },
  "certificates.call": { en: "Where the device calls", ro: "Unde apelează echipamentul" },
  "certificates.call-help": {
    en: "host:port of this centre as the device reaches it; that of the last file when left empty.",
    ro: "gazdă:port al acestui centru, așa cum îl vede echipamentul; cel din ultimul fișier, dacă rămâne gol.",
  },
  "certificates.days": { en: "Ends after (days)", ro: "Expiră după (zile)" },
  "certificates.make": { en: "Make the file", ro: "Creează fișierul" },
  "certificates.made-lead": {
    en: "This is the file of {name}, with its private key. It is shown this once and kept nowhere: save it now and carry it as you would a key.",
    ro: "Acesta este fișierul {name}, cu cheia lui privată. Se arată o singură dată și nu se păstrează nicăieri: salvați-l acum și tratați-l ca pe o cheie.",
  },
  "certificates.save": { en: "Save {file}", ro: "Salvează {file}" },
  "certificates.saved": { en: "I have saved it", ro: "L-am salvat" },
});
