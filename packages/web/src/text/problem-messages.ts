import { messages } from "./message.ts";

/** A sentence and what to do, by error code (docs/errors.md). Codes that are not here are told by their family. */
export const problemText = messages({
  "problem.web.offline": { en: "The server cannot be reached.", ro: "Serverul nu poate fi contactat." },
  "problem.web.offline.do": {
    en: "Check the network; the page tries again when you do.",
    ro: "Verificați rețeaua; pagina încearcă din nou la cererea dumneavoastră.",
  },
  "problem.web.fault": { en: "This page made a mistake.", ro: "Această pagină a greșit." },
  "problem.web.fault.do": {
    en: "Reload it; if it happens again, send us the code.",
    ro: "Reîncărcați-o; dacă se repetă, trimiteți-ne codul.",
  },
  "problem.web.answer": {
    en: "The server gave an answer that this page does not know.",
    ro: "Serverul a dat un răspuns pe care pagina nu îl cunoaște.",
  },
  "problem.web.answer.do": {
    en: "Reload the page: it may be older than the server.",
    ro: "Reîncărcați pagina: poate fi mai veche decât serverul.",
  },
  "problem.point.no-time": { en: "It ends before it begins.", ro: "Se termină înainte să înceapă." },
  "problem.point.no-time.do": {
    en: "Give a later end, or none.",
    ro: "Dați un sfârșit mai târziu sau niciunul.",
  },
  "problem.point.pod-used": { en: "Another point has this code.", ro: "Alt punct are acest cod." },
  "problem.point.pod-used.do": {
    en: "Look the code up; the point may stand at another location, or in a branch that is not yours.",
    ro: "Căutați codul; punctul poate fi la altă locație sau într-o ramură care nu este a dumneavoastră.",
  },
  "problem.point.in-use": {
    en: "A meter stood at this point, or something hangs on it.",
    ro: "La acest punct a fost un contor sau ceva depinde de el.",
  },
  "problem.point.in-use.do": {
    en: "Only a point that was never used can be removed; others are kept with their history.",
    ro: "Se poate elimina doar un punct care nu a fost folosit niciodată; celelalte rămân cu istoricul lor.",
  },
  "problem.point.leaves-groups": {
    en: "The new branch is not that of groups in which it is",
    ro: "Ramura nouă nu este a unor grupuri în care se află",
  },
  "problem.point.leaves-groups.do": {
    en: "Say whether it leaves them.",
    ro: "Alegeți dacă iese din ele.",
  },
  "problem.point.check-unknown": {
    en: "There is no such other point to check by.",
    ro: "Nu există un asemenea alt punct de control.",
  },
  "problem.point.check-unknown.do": { en: "Choose another point.", ro: "Alegeți alt punct." },
  "problem.point.change-not-found": {
    en: "The point has no such change.",
    ro: "Punctul nu are o asemenea modificare.",
  },
  "problem.point.change-not-found.do": { en: "Load the page again.", ro: "Reîncărcați pagina." },
  "problem.point.change-undone": {
    en: "The change is taken back already.",
    ro: "Modificarea este deja anulată.",
  },
  "problem.point.change-undone.do": { en: "Nothing needs to be done.", ro: "Nu este nimic de făcut." },
  "problem.point.change-overtaken": {
    en: "A later change builds on it.",
    ro: "O modificare ulterioară se bazează pe ea.",
  },
  "problem.point.change-overtaken.do": {
    en: "Take the later one back first.",
    ro: "Anulați întâi modificarea ulterioară.",
  },
  "problem.ratios.same": { en: "These are the ratios already.", ro: "Acestea sunt deja rapoartele." },
  "problem.ratios.same.do": { en: "Nothing needs to be done.", ro: "Nu este nimic de făcut." },
  "problem.ratios.asked": {
    en: "Another change of this point's ratios waits for its approval.",
    ro: "O altă modificare a rapoartelor acestui punct așteaptă aprobare.",
  },
  "problem.ratios.asked.do": { en: "Decide on that one first.", ro: "Decideți întâi asupra ei." },
  "problem.ratios.decided": {
    en: "The request is decided, taken back or too old.",
    ro: "Cererea este decisă, retrasă sau expirată.",
  },
  "problem.ratios.decided.do": {
    en: "Ask again if it is still wanted.",
    ro: "Cereți din nou dacă mai este nevoie.",
  },
  "problem.ratios.not-yours": { en: "Somebody else asked for it.", ro: "A cerut-o altcineva." },
  "problem.ratios.not-yours.do": { en: "Refuse it instead.", ro: "Refuzați-o." },
  "problem.ratios.own-request": {
    en: "Whoever asked cannot approve, nor who gave them a right within the last day.",
    ro: "Cine a cerut nu poate aproba, nici cine i-a acordat un drept în ultima zi.",
  },
  "problem.ratios.own-request.do": {
    en: "Let another person with the right to approve do it.",
    ro: "Lăsați o altă persoană cu drept de aprobare.",
  },
  "problem.ratios.request-unknown": { en: "There is no such request.", ro: "Nu există o asemenea cerere." },
  "problem.ratios.request-unknown.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.ratios.too-early": {
    en: "The meter was not at the point yet at that time.",
    ro: "Contorul nu era încă la acest punct la acea oră.",
  },
  "problem.ratios.too-early.do": {
    en: "Take a time since it was installed.",
    ro: "Alegeți o oră de la montarea lui încoace.",
  },
  "problem.sign-in.refused": {
    en: "Name or password is not right.",
    ro: "Numele sau parola nu sunt corecte.",
  },
  "problem.sign-in.refused.do": {
    en: "Check both; Caps Lock may be on.",
    ro: "Verificați-le; poate Caps Lock este pornit.",
  },
  "problem.sign-in.slow-down": {
    en: "Too many tries for this account or from this machine.",
    ro: "Prea multe încercări pentru acest cont sau de pe acest calculator.",
  },
  "problem.sign-in.slow-down.do": {
    en: "Wait a minute, then try again.",
    ro: "Așteptați un minut, apoi încercați din nou.",
  },
  "problem.key.elsewhere": {
    en: "A key in it is another device's, now or in the past.",
    ro: "O cheie de aici este a altui echipament, acum sau în trecut.",
  },
  "problem.key.elsewhere.do": {
    en: "Each meter has its own keys: check the file with its sender.",
    ro: "Fiecare contor are cheile lui: verificați fișierul cu expeditorul.",
  },
  "problem.key.none-active": {
    en: "No device has the keys that a change needs, or its change waits already.",
    ro: "Niciun echipament nu are cheile necesare schimbării, sau schimbarea așteaptă deja.",
  },
  "problem.key.none-active.do": {
    en: "Import the meters' master keys first.",
    ro: "Importați mai întâi cheile principale ale contoarelor.",
  },
  "problem.key-file.unreadable": {
    en: "The file is not encrypted to this system.",
    ro: "Fișierul nu este criptat pentru acest sistem.",
  },
  "problem.key-file.unreadable.do": {
    en: "Give the sender the recipient shown here.",
    ro: "Dați expeditorului destinatarul afișat aici.",
  },
  "problem.sign-in.directory-away": {
    en: "The organisation's directory does not answer.",
    ro: "Directorul organizației nu răspunde.",
  },
  "problem.sign-in.directory-away.do": {
    en: "Try again in a minute; accounts of this system open meanwhile.",
    ro: "Încercați din nou peste un minut; conturile acestui sistem funcționează.",
  },
  "problem.sign-in.provider-away": {
    en: "The sign-in service does not answer.",
    ro: "Serviciul de autentificare nu răspunde.",
  },
  "problem.sign-in.provider-away.do": {
    en: "Try again in a minute; accounts of this system open meanwhile.",
    ro: "Încercați din nou peste un minut; conturile acestui sistem funcționează.",
  },
  "problem.sign-in.provider-refused": {
    en: "The sign-in service does not let you in here.",
    ro: "Serviciul de autentificare nu vă permite accesul aici.",
  },
  "problem.sign-in.provider-refused.do": {
    en: "Begin again from the sign-in page; if it stays, ask an administrator.",
    ro: "Începeți din nou de la pagina de autentificare; dacă se repetă, întrebați un administrator.",
  },
  "problem.factor.refused": {
    en: "That does not show that it is you.",
    ro: "Aceasta nu arată că sunteți dumneavoastră.",
  },
  "problem.factor.refused.do": {
    en: "Wait for the next code and check the clock of the telephone.",
    ro: "Așteptați codul următor și verificați ceasul telefonului.",
  },
  "problem.session.step-up-needed": {
    en: "It was too long ago that you showed who you are.",
    ro: "Ultima verificare a identității este prea veche.",
  },
  "problem.session.step-up-needed.do": { en: "Show it again.", ro: "Confirmați-o din nou." },
  "problem.address.not-allowed": {
    en: "This system calls nobody at that address.",
    ro: "Sistemul nu apelează această adresă.",
  },
  "problem.address.not-allowed.do": {
    en: "Administration › Tunnels, networks that may be called.",
    ro: "Administrare › Tuneluri, rețele ce pot fi apelate.",
  },
  "problem.vpn.device-unknown": {
    en: "There is no device with this identity.",
    ro: "Nu există niciun echipament cu această identitate.",
  },
  "problem.vpn.device-unknown.do": {
    en: "Enter the device first, or check the identity.",
    ro: "Adăugați întâi echipamentul sau verificați identitatea.",
  },
  "problem.vpn.exists": { en: "The device has a tunnel.", ro: "Echipamentul are deja un tunel." },
  "problem.vpn.exists.do": {
    en: "Make new keys for it, or revoke it first.",
    ro: "Generați chei noi pentru acesta sau revocați-l întâi.",
  },
  "problem.vpn.network-full": {
    en: "The network of the tunnels has no address left.",
    ro: "Rețeaua tunelurilor nu mai are nicio adresă liberă.",
  },
  "problem.vpn.network-full.do": {
    en: "A revoked address rests for 30 days; choose a larger network on the server (energsys vpn init).",
    ro: "O adresă revocată așteaptă 30 de zile; alegeți o rețea mai mare pe server (energsys vpn init).",
  },
  "problem.vpn.peer-unknown": {
    en: "This tunnel is not there any more.",
    ro: "Acest tunel nu mai există.",
  },
  "problem.vpn.peer-unknown.do": {
    en: "Load the page again.",
    ro: "Reîncărcați pagina.",
  },
  "problem.certificate.device-unknown": {
    en: "This is neither the identity of a concentrator nor a device that is entered.",
    ro: "Aceasta nu este nici identitatea unui concentrator, nici un echipament existent.",
  },
  "problem.certificate.device-unknown.do": {
    en: "A concentrator is called ENC and 13 digits; enter other devices first.",
    ro: "Un concentrator se numește ENC și 13 cifre; celelalte echipamente se adaugă întâi.",
  },
  "problem.certificate.exists": {
    en: "The device has a certificate.",
    ro: "Echipamentul are deja un certificat.",
  },
  "problem.certificate.exists.do": {
    en: "Ask for a new one in its place, or revoke it first.",
    ro: "Cereți unul nou în locul lui sau revocați-l întâi.",
  },
  "problem.certificate.address-missing": {
    en: "Nobody has said yet where devices call.",
    ro: "Nu s-a stabilit încă unde apelează echipamentele.",
  },
  "problem.certificate.address-missing.do": {
    en: "Give the address as host:port, as devices reach it.",
    ro: "Dați adresa ca gazdă:port, așa cum o văd echipamentele.",
  },
  "problem.certificate.unknown": {
    en: "This certificate is not there, or it was revoked already.",
    ro: "Acest certificat nu există sau a fost deja revocat.",
  },
  "problem.certificate.unknown.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.session.missing": { en: "You are signed out.", ro: "Nu mai sunteți autentificat." },
  "problem.session.missing.do": { en: "Sign in again.", ro: "Autentificați-vă din nou." },
  "problem.right.missing": {
    en: "You do not have the right for this.",
    ro: "Nu aveți dreptul necesar pentru această operație.",
  },
  "problem.right.missing.do": {
    en: "Ask somebody who gives rights.",
    ro: "Adresați-vă unei persoane care acordă drepturi.",
  },
  "problem.see-as.read-only": {
    en: "Nothing can be changed while you look as somebody else.",
    ro: "Nu se poate modifica nimic cât timp vedeți ca alt utilizator.",
  },
  "problem.see-as.read-only.do": {
    en: "Go back to your own view first.",
    ro: "Reveniți mai întâi la vederea dumneavoastră.",
  },
  "problem.account.not-found": {
    en: "There is no such account within your reach.",
    ro: "Nu există un asemenea cont în domeniul dumneavoastră.",
  },
  "problem.account.not-found.do": { en: "Go back to the list.", ro: "Reveniți la listă." },
  "problem.account.last-administrator": {
    en: "Nobody would be left who can give rights.",
    ro: "Nu ar mai rămâne nimeni care să poată acorda drepturi.",
  },
  "problem.account.last-administrator.do": {
    en: "Make somebody else an administrator of the whole network first.",
    ro: "Numiți mai întâi alt administrator pentru toată rețeaua.",
  },
  "problem.account.no-password": {
    en: "This account has no password here.",
    ro: "Acest cont nu are parolă în acest sistem.",
  },
  "problem.account.no-password.do": {
    en: "Change it where the account comes from.",
    ro: "Schimbați-o acolo de unde provine contul.",
  },
  "problem.invitation.refused": {
    en: "This invitation is not valid any more.",
    ro: "Această invitație nu mai este valabilă.",
  },
  "problem.invitation.refused.do": { en: "Ask for a new one.", ro: "Cereți una nouă." },
  "problem.branch.not-found": {
    en: "There is no such branch within your reach.",
    ro: "Nu există o asemenea ramură în domeniul dumneavoastră.",
  },
  "problem.branch.not-found.do": { en: "Choose another branch.", ro: "Alegeți altă ramură." },
  "problem.grant.not-found": {
    en: "None of these grants is there any more, or they are your own.",
    ro: "Aceste drepturi nu mai există sau sunt ale dumneavoastră.",
  },
  "problem.grant.not-found.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.role.not-found": {
    en: "There is no such role.",
    ro: "Nu există un asemenea rol.",
  },
  "problem.role.not-found.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.role.name-taken": {
    en: "Another role has that name.",
    ro: "Alt rol are acest nume.",
  },
  "problem.role.name-taken.do": { en: "Choose another name.", ro: "Alegeți alt nume." },
  "problem.role.ready-made": {
    en: "A ready-made role cannot be changed.",
    ro: "Un rol predefinit nu poate fi modificat.",
  },
  "problem.role.ready-made.do": {
    en: "Make a copy and change that.",
    ro: "Faceți o copie și modificați copia.",
  },
  "problem.role.granted": {
    en: "The role was granted to somebody, so it stays.",
    ro: "Rolul a fost acordat cuiva, deci rămâne.",
  },
  "problem.role.granted.do": {
    en: "Take it away from everybody; it then gives nothing.",
    ro: "Retrageți-l de la toți; nu va mai da niciun drept.",
  },
  "problem.csrf.refused": {
    en: "The server did not accept the request from this page.",
    ro: "Serverul nu a acceptat cererea acestei pagini.",
  },
  "problem.csrf.refused.do": { en: "Reload the page and repeat.", ro: "Reîncărcați pagina și repetați." },
  "problem.origin.refused": {
    en: "The server did not accept the request from this address.",
    ro: "Serverul nu a acceptat cererea de la această adresă.",
  },
  "problem.origin.refused.do": {
    en: "Open ENERGSys by the address that it printed at its start.",
    ro: "Deschideți ENERGSys la adresa afișată la pornire.",
  },
  "problem.sample-network.started": {
    en: "The sample network has been started already.",
    ro: "Rețeaua de probă a fost deja pornită.",
  },
  "problem.sample-network.started.do": {
    en: "Nothing is to be done: its points appear by themselves.",
    ro: "Nu e nimic de făcut: punctele apar singure.",
  },
  "problem.input.invalid": { en: "Some fields are not right.", ro: "Unele câmpuri nu sunt corecte." },
  "problem.input.invalid.do": {
    en: "See the notes beside them.",
    ro: "Vedeți notele de lângă ele.",
  },
  "problem.gateway.not-found": {
    en: "There is no such concentrator.",
    ro: "Nu există un astfel de concentrator.",
  },
  "problem.gateway.not-found.do": { en: "Look it up in the list.", ro: "Căutați-l în listă." },
  "problem.points-import.not-found": { en: "There is no such import.", ro: "Nu există un astfel de import." },
  "problem.points-import.not-found.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.points-import.file-unreadable": { en: "The file is no table.", ro: "Fișierul nu este un tabel." },
  "problem.points-import.file-unreadable.do": {
    en: "Save it as CSV anew; a quotation mark may not be closed.",
    ro: "Salvați-l din nou ca CSV; poate lipsește o ghilimea.",
  },
  "problem.points-import.file-empty": { en: "The file has no lines.", ro: "Fișierul nu are rânduri." },
  "problem.points-import.file-empty.do": {
    en: "Choose the file with the lines.",
    ro: "Alegeți fișierul cu rândurile.",
  },
  "problem.points-import.file-too-large": {
    en: "The file has too many lines or columns.",
    ro: "Fișierul are prea multe rânduri sau coloane.",
  },
  "problem.points-import.file-too-large.do": { en: "Split it.", ro: "Împărțiți-l." },
  "problem.points-import.not-now": {
    en: "The import is not in a state for this.",
    ro: "Importul nu este într-o stare potrivită.",
  },
  "problem.points-import.not-now.do": { en: "Load its page again.", ro: "Reîncărcați pagina sa." },
  "problem.points-import.nothing": {
    en: "No line of the file would change anything.",
    ro: "Niciun rând al fișierului nu ar schimba ceva.",
  },
  "problem.points-import.nothing.do": {
    en: "Look at the faults; otherwise nothing is to do.",
    ro: "Verificați erorile; altfel nu este nimic de făcut.",
  },
  "problem.points-import.no-key": {
    en: "No master key is configured to seal the file with.",
    ro: "Nu este configurată o cheie principală pentru sigilarea fișierului.",
  },
  "problem.points-import.no-key.do": {
    en: "Ask whoever runs the system to configure one.",
    ro: "Cereți administratorului sistemului să o configureze.",
  },
  "problem.points-import.changed-since": {
    en: "The point was changed since.",
    ro: "Punctul a fost modificat între timp.",
  },
  "problem.points-import.changed-since.do": { en: "Change it by hand.", ro: "Modificați-l manual." },
  "problem.points-import.point-used": {
    en: "Something has happened at the point since.",
    ro: "Între timp s-a întâmplat ceva la acest punct.",
  },
  "problem.points-import.point-used.do": {
    en: "It stays; take it out of service by hand.",
    ro: "Rămâne; scoateți-l din uz manual.",
  },
  "problem.job.broke": {
    en: "The job failed by a fault of ours.",
    ro: "Lucrarea a eșuat dintr-o eroare a sistemului.",
  },
  "problem.job.broke.do": {
    en: "Ask for it again; when it fails again, report it.",
    ro: "Cereți-o din nou; dacă eșuează iar, anunțați.",
  },
  "problem.job.gave-up": {
    en: "The process that ran the job ended three times.",
    ro: "Procesul care rula lucrarea s-a oprit de trei ori.",
  },
  "problem.job.gave-up.do": {
    en: "Tell whoever runs the system.",
    ro: "Anunțați administratorul sistemului.",
  },
  "problem.job.kind-unknown": {
    en: "This release does not know such a job.",
    ro: "Această versiune nu cunoaște o astfel de lucrare.",
  },
  "problem.job.kind-unknown.do": {
    en: "Let the newer release run it.",
    ro: "Lăsați versiunea mai nouă să o ruleze.",
  },
  "problem.planned-work.not-found": {
    en: "These works are not there, or were withdrawn.",
    ro: "Lucrările nu există sau au fost retrase.",
  },
  "problem.planned-work.not-found.do": { en: "Load the page again.", ro: "Reîncărcați pagina." },
  "problem.job.not-found": {
    en: "There is no such job.",
    ro: "Nu există o astfel de lucrare.",
  },
  "problem.job.not-found.do": { en: "Load the page again.", ro: "Reîncărcați pagina." },
  "problem.export.not-found": {
    en: "There is no such file, or its days are over.",
    ro: "Nu există un astfel de fișier sau i-a trecut termenul.",
  },
  "problem.export.not-found.do": { en: "Ask for it anew.", ro: "Cereți-l din nou." },
  "problem.export.not-ready": { en: "The file is not whole yet.", ro: "Fișierul nu este încă întreg." },
  "problem.export.not-ready.do": {
    en: "Wait for its job; ask anew when it failed.",
    ro: "Așteptați lucrarea lui; cereți-l din nou dacă a eșuat.",
  },
  "problem.job.ended": { en: "The job has ended already.", ro: "Lucrarea s-a încheiat deja." },
  "problem.job.ended.do": {
    en: "Ask for it anew when it is to be done again.",
    ro: "Cereți-o din nou dacă trebuie refăcută.",
  },
  "problem.group.not-found": {
    en: "There is no such group.",
    ro: "Nu există un astfel de grup.",
  },
  "problem.group.not-found.do": { en: "Look it up in the list.", ro: "Căutați-l în listă." },
  "problem.delivery.changed": {
    en: "Somebody has changed these settings meanwhile.",
    ro: "Cineva a modificat între timp aceste setări.",
  },
  "problem.delivery.changed.do": {
    en: "Load the page again and enter your change.",
    ro: "Reîncărcați pagina și introduceți modificarea.",
  },
  "problem.delivery.password-needed": {
    en: "The password must be given again: the server is another one.",
    ro: "Parola trebuie introdusă din nou: serverul este altul.",
  },
  "problem.delivery.password-needed.do": { en: "Enter the password.", ro: "Introduceți parola." },
  "problem.group.name-taken": {
    en: "Another group of this kind and branch has this name.",
    ro: "Un alt grup de acest fel din ramură are acest nume.",
  },
  "problem.group.name-taken.do": { en: "Take another name.", ro: "Alegeți alt nume." },
  "problem.group.in-use": {
    en: "There are groups below it.",
    ro: "Există grupuri subordonate.",
  },
  "problem.group.in-use.do": { en: "Hang those elsewhere first.", ro: "Mutați-le mai întâi în altă parte." },
  "problem.group.off-quarter": {
    en: "A change must begin and end on a quarter-hour.",
    ro: "O modificare trebuie să înceapă și să se termine la sfert de oră.",
  },
  "problem.group.off-quarter.do": { en: "Correct the time.", ro: "Corectați ora." },
  "problem.losses.too-long": {
    en: "The ranking of suspects took too long and was stopped.",
    ro: "Ordonarea suspecților a durat prea mult și a fost oprită.",
  },
  "problem.losses.too-long.do": { en: "Choose a shorter period.", ro: "Alegeți o perioadă mai scurtă." },
  "problem.losses.busy": {
    en: "Many rankings of suspects wait already.",
    ro: "Așteaptă deja multe ordonări de suspecți.",
  },
  "problem.losses.busy.do": { en: "Try again in a minute.", ro: "Reîncercați peste un minut." },
  "problem.case.not-found": { en: "There is no such case.", ro: "Nu există un astfel de caz." },
  "problem.case.not-found.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.case.open": { en: "It is looked into already.", ro: "Se cercetează deja." },
  "problem.case.open.do": {
    en: "Add to the case that is open.",
    ro: "Completați cazul deschis.",
  },
  "problem.case.outcome": {
    en: "A closed case says what was found.",
    ro: "Un caz închis spune ce s-a găsit.",
  },
  "problem.case.outcome.do": { en: "Choose an outcome.", ro: "Alegeți un rezultat." },
  "problem.case.in-field": {
    en: "Somebody still goes there for this case.",
    ro: "Cineva încă merge pe teren pentru acest caz.",
  },
  "problem.case.in-field.do": {
    en: "Close the field task first.",
    ro: "Încheiați întâi lucrarea pe teren.",
  },
  "problem.assignee.not-found": {
    en: "There is nobody of that number.",
    ro: "Nu există această persoană.",
  },
  "problem.assignee.not-found.do": { en: "Choose somebody else.", ro: "Alegeți altă persoană." },
  "problem.alarm.not-found": {
    en: "There is no such alarm.",
    ro: "Nu există o astfel de alarmă.",
  },
  "problem.alarm.not-found.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.field-task.not-found": {
    en: "There is no such field task.",
    ro: "Nu există o astfel de lucrare pe teren.",
  },
  "problem.field-task.not-found.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.field-task.outcome": {
    en: "A task that is closed says what it came to.",
    ro: "O lucrare încheiată spune ce a rezultat.",
  },
  "problem.field-task.outcome.do": {
    en: "Say what was found or done.",
    ro: "Scrieți ce s-a găsit sau s-a făcut.",
  },
  "problem.field-task.closed": { en: "The task is closed.", ro: "Lucrarea este încheiată." },
  "problem.field-task.closed.do": { en: "Open it again first.", ro: "Redeschideți-o întâi." },
  "problem.field-task.open": {
    en: "Somebody goes there for it already.",
    ro: "Cineva merge deja acolo pentru aceasta.",
  },
  "problem.field-task.open.do": {
    en: "Add to the task that is open.",
    ro: "Completați lucrarea deschisă.",
  },
  "problem.field-task.findings": {
    en: "The findings are not of one point.",
    ro: "Constatările nu sunt ale unui singur punct.",
  },
  "problem.field-task.findings.do": {
    en: "Open a task for each point.",
    ro: "Deschideți câte o lucrare pentru fiecare punct.",
  },
  "problem.field-task.case-closed": { en: "The loss case is closed.", ro: "Cazul de pierderi este închis." },
  "problem.field-task.case-closed.do": {
    en: "Open the case again first.",
    ro: "Redeschideți întâi cazul.",
  },
  "problem.group.preview-old": {
    en: "Somebody changed the group since its effect was shown.",
    ro: "Cineva a modificat grupul de când a fost arătat efectul.",
  },
  "problem.group.preview-old.do": {
    en: "Go back and look at the effect again.",
    ro: "Reveniți și priviți din nou efectul.",
  },
  "problem.group.kind-order": {
    en: "Such a group does not lie below such a one.",
    ro: "Un astfel de grup nu poate fi sub acela.",
  },
  "problem.group.kind-order.do": { en: "Choose another group above.", ro: "Alegeți alt grup de deasupra." },
  "problem.group.cycle": {
    en: "The group would lie below itself.",
    ro: "Grupul ar ajunge sub el însuși.",
  },
  "problem.group.cycle.do": { en: "Choose another group above.", ro: "Alegeți alt grup de deasupra." },
  "problem.group.change-not-found": {
    en: "The group has no such change.",
    ro: "Grupul nu are o astfel de modificare.",
  },
  "problem.group.change-not-found.do": { en: "Load the page again.", ro: "Reîncărcați pagina." },
  "problem.group.change-undone": {
    en: "The change is taken back already.",
    ro: "Modificarea este deja anulată.",
  },
  "problem.group.change-undone.do": {
    en: "To have it again, undo the undoing.",
    ro: "Pentru a o avea din nou, anulați anularea.",
  },
  "problem.group.change-overtaken": {
    en: "A later change builds on this one.",
    ro: "O modificare ulterioară se bazează pe aceasta.",
  },
  "problem.group.change-overtaken.do": {
    en: "Undo the later one first.",
    ro: "Anulați întâi modificarea ulterioară.",
  },
  "problem.meter.not-found": { en: "There is no such meter.", ro: "Nu există un astfel de contor." },
  "problem.meter.not-found.do": {
    en: "Look it up in the list of meters.",
    ro: "Căutați-l în lista contoarelor.",
  },
  "problem.location.not-found": { en: "There is no such location.", ro: "Nu există această locație." },
  "problem.location.not-found.do": { en: "Search for its address or code.", ro: "Căutați adresa sau codul." },
  "problem.location.code-used": { en: "Another location has this code.", ro: "Altă locație are acest cod." },
  "problem.location.code-used.do": {
    en: "Choose another code, or none.",
    ro: "Alegeți alt cod sau niciunul.",
  },
  "problem.location.too-early": {
    en: "What holds now began at that time or later.",
    ro: "Ce este valabil acum a început atunci sau mai târziu.",
  },
  "problem.location.too-early.do": {
    en: "Take a later time, or take the last change back.",
    ro: "Alegeți un moment mai târziu sau anulați ultima modificare.",
  },
  "problem.location.no-change": {
    en: "Nothing of the location was ever changed.",
    ro: "Locația nu a fost modificată niciodată.",
  },
  "problem.location.no-change.do": { en: "There is nothing to take back.", ro: "Nu este nimic de anulat." },
  "problem.fitting.not-found": {
    en: "Nothing of the kind is fitted there.",
    ro: "Acolo nu este montat așa ceva.",
  },
  "problem.fitting.not-found.do": { en: "Load the page again.", ro: "Reîncărcați pagina." },
  "problem.fitting.taken": {
    en: "One of that kind and name stands there then.",
    ro: "Unul de același fel și cu același nume este montat atunci acolo.",
  },
  "problem.fitting.taken.do": {
    en: "Replace it, or give another name.",
    ro: "Înlocuiți-l sau dați alt nume.",
  },
  "problem.fitting.too-early": {
    en: "It was fitted at that time or later.",
    ro: "A fost montat atunci sau mai târziu.",
  },
  "problem.fitting.too-early.do": { en: "Take a later time.", ro: "Alegeți un moment mai târziu." },
  "problem.fitting.ended": { en: "It was taken down already.", ro: "A fost deja demontat." },
  "problem.fitting.ended.do": {
    en: "Withdraw it when that was a mistake.",
    ro: "Retrageți înregistrarea dacă a fost o greșeală.",
  },
  "problem.fitting.seal-used": {
    en: "A seal of this number is, or was, somewhere.",
    ro: "Un sigiliu cu acest număr este sau a fost undeva.",
  },
  "problem.fitting.seal-used.do": {
    en: "Search for the number among the locations.",
    ro: "Căutați numărul în lista locațiilor.",
  },
  "problem.modem.not-found": { en: "There is no such modem.", ro: "Nu există acest modem." },
  "problem.modem.not-found.do": { en: "Search for its serial number.", ro: "Căutați seria." },
  "problem.modem.known": {
    en: "Another modem has this serial number or IMEI.",
    ro: "Alt modem are această serie sau acest IMEI.",
  },
  "problem.modem.known.do": {
    en: "Look it up in the list of modems.",
    ro: "Căutați-l în lista modemurilor.",
  },
  "problem.modem.too-early": {
    en: "Something began there at that time or later.",
    ro: "Ceva a început acolo atunci sau mai târziu.",
  },
  "problem.modem.too-early.do": { en: "Take a later time.", ro: "Alegeți un moment mai târziu." },
  "problem.sim.not-found": { en: "There is no such SIM card.", ro: "Nu există această cartelă SIM." },
  "problem.sim.not-found.do": { en: "Search for its ICCID.", ro: "Căutați ICCID-ul." },
  "problem.sim.known": {
    en: "A card of this ICCID is known.",
    ro: "O cartelă cu acest ICCID este cunoscută.",
  },
  "problem.sim.known.do": { en: "Look it up in the list of cards.", ro: "Căutați-o în lista cartelelor." },
  "problem.sim.ended": { en: "The operator has taken the card back.", ro: "Operatorul a retras cartela." },
  "problem.sim.ended.do": { en: "Take another card.", ro: "Folosiți altă cartelă." },
  "problem.meter.known": {
    en: "This manufacturer's meter of that serial number is known.",
    ro: "Contorul acestui producător cu această serie este cunoscut.",
  },
  "problem.meter.known.do": {
    en: "Search for the serial number among the meters.",
    ro: "Căutați seria în lista contoarelor.",
  },
  "problem.meter.too-early": {
    en: "Something happened to the meter at that time or later.",
    ro: "S-a întâmplat ceva cu contorul la acel moment sau mai târziu.",
  },
  "problem.meter.too-early.do": { en: "Take a later time.", ro: "Alegeți un moment mai târziu." },
  "problem.meter.no-state": {
    en: "There is no state to take back: it is the first, or something happened to the meter since.",
    ro: "Nu există stare de retras: este prima sau contorului i s-a întâmplat altceva între timp.",
  },
  "problem.meter.no-state.do": {
    en: "Load the page again; what followed is taken back first.",
    ro: "Reîncărcați pagina; întâi se retrage ce a urmat.",
  },
  "problem.meter.no-transition": {
    en: "That state cannot follow the one that the meter is in.",
    ro: "Această stare nu poate urma stării în care este contorul.",
  },
  "problem.meter.no-transition.do": {
    en: "Load the page again and choose one of the states that it offers.",
    ro: "Reîncărcați pagina și alegeți una dintre stările oferite.",
  },
  "problem.meter.not-verified": {
    en: "No verification of the meter is valid.",
    ro: "Nicio verificare a contorului nu este valabilă.",
  },
  "problem.meter.not-verified.do": {
    en: "Enter the laboratory's verification first.",
    ro: "Introduceți mai întâi verificarea laboratorului.",
  },
  "problem.meter.type-differs": {
    en: "The type has other phases than the meter.",
    ro: "Tipul are alte faze decât contorul.",
  },
  "problem.meter.type-differs.do": {
    en: "Choose the type that is on the plate.",
    ro: "Alegeți tipul de pe plăcuță.",
  },
  "problem.meter.test-overlaps": {
    en: "Another test of the meter holds at that time.",
    ro: "O altă probă a contorului este în vigoare în acel interval.",
  },
  "problem.meter.test-overlaps.do": {
    en: "End or withdraw the other one.",
    ro: "Încheiați-o sau retrageți-o pe cealaltă.",
  },
  "problem.meter.test-not-found": {
    en: "The meter has no such test that holds.",
    ro: "Contorul nu are o astfel de probă în vigoare.",
  },
  "problem.meter.test-not-found.do": { en: "Load the page again.", ro: "Reîncărcați pagina." },
  "problem.meter.verification-known": {
    en: "This bulletin of the laboratory is entered already.",
    ro: "Acest buletin al laboratorului este deja introdus.",
  },
  "problem.meter.verification-known.do": {
    en: "Withdraw the other one when it is wrong.",
    ro: "Retrageți-l pe celălalt dacă este greșit.",
  },
  "problem.meter.verification-not-found": {
    en: "The meter has no such verification that holds.",
    ro: "Contorul nu are o astfel de verificare în vigoare.",
  },
  "problem.meter.verification-not-found.do": { en: "Load the page again.", ro: "Reîncărcați pagina." },
  "problem.tariff.not-found": { en: "There is no such tariff.", ro: "Nu există acest tarif." },
  "problem.tariff.not-found.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.tariff.known": { en: "Another tariff has this code.", ro: "Alt tarif are acest cod." },
  "problem.tariff.known.do": { en: "Take another code.", ro: "Alegeți alt cod." },
  "problem.tariff.faulty": { en: "The tariff has faults.", ro: "Tariful are greșeli." },
  "problem.tariff.faulty.do": { en: "Correct what is named.", ro: "Corectați cele indicate." },
  "problem.tariff.no-days": { en: "It ends before it begins.", ro: "Se termină înainte de a începe." },
  "problem.tariff.no-days.do": { en: "Correct the days.", ro: "Corectați zilele." },
  "problem.tariff.no-points": {
    en: "No point is meant: nobody got a tariff.",
    ro: "Niciun punct nu este vizat: nimeni nu a primit tariful.",
  },
  "problem.tariff.no-points.do": {
    en: "Check the codes, or begin on a day on which what was chosen has points.",
    ro: "Verificați codurile sau începeți într-o zi în care ce s-a ales are puncte.",
  },
  "problem.tariff.currency": {
    en: "The tariff has prices in another currency.",
    ro: "Tariful are prețuri în altă monedă.",
  },
  "problem.tariff.currency.do": { en: "Make another tariff.", ro: "Faceți alt tarif." },
  "problem.tariff.billed": { en: "A closed month was made with it.", ro: "O lună închisă s-a făcut cu el." },
  "problem.tariff.billed.do": { en: "Begin after that month.", ro: "Începeți după acea lună." },
  "problem.tariff.too-long": {
    en: "The accounts took too long and were stopped.",
    ro: "Calculul costurilor a durat prea mult și a fost oprit.",
  },
  "problem.tariff.too-long.do": { en: "Choose a shorter period.", ro: "Alegeți o perioadă mai scurtă." },
  "problem.tariff.busy": {
    en: "Many accounts wait already.",
    ro: "Așteaptă deja multe calcule de costuri.",
  },
  "problem.tariff.busy.do": { en: "Try again in a minute.", ro: "Reîncercați peste un minut." },
  "problem.tariff.intervals": {
    en: "The intervals do not fit the tariff.",
    ro: "Intervalele nu se potrivesc cu tariful.",
  },
  "problem.tariff.intervals.do": { en: "Choose another tariff.", ro: "Alegeți alt tarif." },
  "problem.tariff.change-not-found": { en: "There is no such change.", ro: "Nu există această modificare." },
  "problem.tariff.change-not-found.do": { en: "Load the history again.", ro: "Reîncărcați istoricul." },
  "problem.tariff.change-undone": {
    en: "The change is taken back already.",
    ro: "Modificarea este deja anulată.",
  },
  "problem.tariff.change-undone.do": { en: "Load the history again.", ro: "Reîncărcați istoricul." },
  "problem.tariff.change-overtaken": {
    en: "A later change builds on it.",
    ro: "O modificare ulterioară se bazează pe ea.",
  },
  "problem.tariff.change-overtaken.do": {
    en: "Take that one back first.",
    ro: "Anulați mai întâi acea modificare.",
  },
  "problem.meter-type.not-found": {
    en: "The catalogue has no such type.",
    ro: "Catalogul nu are un astfel de tip.",
  },
  "problem.meter-type.not-found.do": { en: "Load the catalogue again.", ro: "Reîncărcați catalogul." },
  "problem.meter-type.known": {
    en: "The catalogue has this type already.",
    ro: "Catalogul are deja acest tip.",
  },
  "problem.meter-type.known.do": { en: "Change the one that is there.", ro: "Modificați tipul existent." },
  "problem.meter-type.too-early": {
    en: "What is known of the type begins at that time or later.",
    ro: "Ce se știe despre tip începe la acel moment sau mai târziu.",
  },
  "problem.meter-type.too-early.do": { en: "Take a later time.", ro: "Alegeți un moment mai târziu." },
  "problem.meter-type.certificate-overlaps": {
    en: "Another certificate of the type is valid at that time.",
    ro: "Un alt certificat al tipului este valabil în acel timp.",
  },
  "problem.meter-type.certificate-overlaps.do": { en: "Correct the days.", ro: "Corectați zilele." },
  "problem.subscriber.not-found": {
    en: "There is no such subscriber.",
    ro: "Nu există un astfel de abonat.",
  },
  "problem.subscriber.not-found.do": {
    en: "Look them up in the list of subscribers.",
    ro: "Căutați-l în lista abonaților.",
  },
  "problem.subscriber.changed": {
    en: "Somebody changed this subscriber's data meanwhile.",
    ro: "Între timp altcineva a modificat datele acestui abonat.",
  },
  "problem.subscriber.changed.do": {
    en: "Load the page again and enter what is still to be changed.",
    ro: "Reîncărcați pagina și introduceți ce mai este de modificat.",
  },
  "problem.subscriber.erased": {
    en: "What named this subscriber was erased.",
    ro: "Datele care numeau acest abonat au fost șterse.",
  },
  "problem.subscriber.erased.do": {
    en: "Whoever comes again is entered as somebody new.",
    ro: "Cine revine se introduce ca abonat nou.",
  },
  "problem.subscriber.contract-runs": {
    en: "A contract of this subscriber has not ended.",
    ro: "Un contract al acestui abonat nu s-a încheiat.",
  },
  "problem.subscriber.contract-runs.do": {
    en: "End the contract first; data are erased when its end is past.",
    ro: "Încheiați întâi contractul; datele se șterg după ce acesta s-a încheiat.",
  },
  "problem.subscriber.known": {
    en: "Another subscriber has this customer number.",
    ro: "Un alt abonat are acest număr de client.",
  },
  "problem.subscriber.known.do": {
    en: "Search for the number and choose that subscriber, or correct the number.",
    ro: "Căutați numărul și alegeți acel abonat sau corectați numărul.",
  },
  "problem.contract.not-found": {
    en: "There is no such contract.",
    ro: "Nu există un astfel de contract.",
  },
  "problem.contract.not-found.do": {
    en: "Load the page again.",
    ro: "Reîncărcați pagina.",
  },
  "problem.contract.known": {
    en: "Another contract has this number.",
    ro: "Un alt contract are acest număr.",
  },
  "problem.contract.known.do": {
    en: "Search for the number among the subscribers, or correct it.",
    ro: "Căutați numărul la abonați sau corectați-l.",
  },
  "problem.contract.same": {
    en: "The contract that runs at this point is this subscriber's already.",
    ro: "Contractul în vigoare la acest punct este deja al acestui abonat.",
  },
  "problem.contract.same.do": {
    en: "Nothing needs to be done; the subscriber's data are changed on their page.",
    ro: "Nu este nimic de făcut; datele abonatului se modifică pe pagina sa.",
  },
  "problem.contract.too-early": {
    en: "A contract at this point begins at that time or later.",
    ro: "Un contract la acest punct începe la acea oră sau mai târziu.",
  },
  "problem.contract.too-early.do": {
    en: "Take a later time, or take the newest contract back first.",
    ro: "Alegeți o oră ulterioară sau retrageți întâi cel mai nou contract.",
  },
  "problem.contract.ended": {
    en: "The contract has ended already.",
    ro: "Contractul s-a încheiat deja.",
  },
  "problem.contract.ended.do": {
    en: "Take it back when its end is wrong.",
    ro: "Retrageți-l dacă încheierea este greșită.",
  },
  "problem.contract.not-newest": {
    en: "Only the newest contract of a point can be taken back.",
    ro: "Doar cel mai nou contract al unui punct poate fi retras.",
  },
  "problem.contract.not-newest.do": {
    en: "Take the later one back first.",
    ro: "Retrageți-l întâi pe cel ulterior.",
  },
  "problem.gateway.not-adopted": {
    en: "The concentrator is in quarantine or retired.",
    ro: "Concentratorul este în carantină sau scos din uz.",
  },
  "problem.gateway.not-adopted.do": {
    en: "Adopt it, or take it back first.",
    ro: "Preluați-l întâi.",
  },
  "problem.gateway.retired": { en: "The concentrator is retired.", ro: "Concentratorul este scos din uz." },
  "problem.gateway.retired.do": {
    en: "Load the page again: somebody was faster.",
    ro: "Reîncărcați pagina: cineva a fost mai rapid.",
  },
  "problem.gateway.meter-not-found": {
    en: "The concentrator has no such meter.",
    ro: "Concentratorul nu are un astfel de contor.",
  },
  "problem.gateway.meter-not-found.do": { en: "Load the page again.", ro: "Reîncărcați pagina." },
  "problem.gateway.meter-adopted": {
    en: "The meter is adopted already.",
    ro: "Contorul este deja preluat.",
  },
  "problem.gateway.meter-adopted.do": { en: "Load the page again.", ro: "Reîncărcați pagina." },
  "problem.point.has-meter": {
    en: "The point of that code has another meter, or cannot be used.",
    ro: "Punctul cu acest cod are alt contor sau nu poate fi folosit.",
  },
  "problem.point.has-meter.do": {
    en: "Accept an exchange, or take another code.",
    ro: "Acceptați o schimbare sau folosiți alt cod.",
  },
  "problem.installation.too-early": {
    en: "The old meter was not there yet at that time.",
    ro: "Contorul vechi nu era încă montat la acel moment.",
  },
  "problem.installation.too-early.do": { en: "Take a later time.", ro: "Alegeți un moment ulterior." },
  "problem.import.unknown-file": {
    en: "The file is neither a dump of a concentrator nor readings of a hand-held.",
    ro: "Fișierul nu este nici copia jurnalului unui concentrator, nici citirile unui terminal portabil.",
  },
  "problem.import.unknown-file.do": {
    en: "The head line of a hand-held's file names serial, obis, time and value.",
    ro: "Prima linie a fișierului unui terminal numește serie, registru, data și valoare.",
  },
  "problem.import.unreadable": { en: "The file is not whole.", ro: "Fișierul nu este complet." },
  "problem.import.unreadable.do": {
    en: "Copy it again from where it was made; nothing was stored.",
    ro: "Copiați-l din nou de unde a fost făcut; nu s-a stocat nimic.",
  },
  "problem.import.hash": {
    en: "The file was changed after the concentrator wrote it.",
    ro: "Fișierul a fost modificat după ce l-a scris concentratorul.",
  },
  "problem.import.hash.do": {
    en: "Copy it again; nothing was stored.",
    ro: "Copiați-l din nou; nu s-a stocat nimic.",
  },
  "problem.import.unknown-gateway": {
    en: "The dump is of a concentrator that nobody adopted, or of another branch.",
    ro: "Copia este a unui concentrator nepreluat sau din altă ramură.",
  },
  "problem.import.unknown-gateway.do": {
    en: "Adopt the concentrator first.",
    ro: "Preluați întâi concentratorul.",
  },
  "problem.import.not-final": {
    en: "Only load curves can be declared final.",
    ro: "Numai curbele de sarcină pot fi declarate finale.",
  },
  "problem.import.not-final.do": {
    en: "Import the file without that mark.",
    ro: "Importați fișierul fără acest marcaj.",
  },
  "problem.import.nothing": {
    en: "No line of the file can be used.",
    ro: "Nicio linie a fișierului nu poate fi folosită.",
  },
  "problem.import.nothing.do": { en: "See the reasons of the check.", ro: "Vedeți motivele verificării." },
  "problem.import.not-found": { en: "There is no such import.", ro: "Nu există un astfel de import." },
  "problem.import.not-found.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.import.undone": { en: "The import was taken back already.", ro: "Importul a fost deja anulat." },
  "problem.import.undone.do": { en: "Nothing is to be done.", ro: "Nu e nimic de făcut." },
  "problem.gateway.no-configuration": {
    en: "The configuration of the concentrator was never read.",
    ro: "Configurația concentratorului nu a fost citită niciodată.",
  },
  "problem.gateway.no-configuration.do": { en: "Read its state first.", ro: "Citiți întâi starea." },
  "problem.gateway.proposal-open": {
    en: "Another configuration is on its way to it.",
    ro: "Altă configurație este deja pe drum.",
  },
  "problem.gateway.proposal-open.do": {
    en: "Wait until it is confirmed or rolled back.",
    ro: "Așteptați confirmarea sau revenirea.",
  },
  "problem.gateway.no-change": {
    en: "These are its settings already.",
    ro: "Acestea sunt deja valorile sale.",
  },
  "problem.gateway.no-change.do": { en: "Nothing is to be done.", ro: "Nu e nimic de făcut." },
  "problem.gateway.same": {
    en: "A concentrator does not take over from itself.",
    ro: "Un concentrator nu se poate prelua pe sine.",
  },
  "problem.gateway.same.do": { en: "Choose another one.", ro: "Alegeți altul." },
  "problem.point.not-found": { en: "There is no such point.", ro: "Nu există un astfel de punct." },
  "problem.point.not-found.do": {
    en: "Search for it by POD or meter serial.",
    ro: "Căutați-l după POD sau seria contorului.",
  },
  "problem.billing.asked": {
    en: "Another closing of this month waits.",
    ro: "O altă închidere a acestei luni așteaptă.",
  },
  "problem.billing.asked.do": { en: "Decide on that one first.", ro: "Decideți mai întâi asupra aceleia." },
  "problem.billing.correction-not-found": {
    en: "There is no such correction.",
    ro: "Nu există o asemenea corecție.",
  },
  "problem.billing.correction-not-found.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.billing.decided": { en: "Somebody decided it already.", ro: "Cineva a decis deja." },
  "problem.billing.decided.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.billing.month-open": { en: "The month is not over.", ro: "Luna nu s-a încheiat." },
  "problem.billing.month-open.do": {
    en: "Close it from the first day of the next one.",
    ro: "Închideți-o din prima zi a lunii următoare.",
  },
  "problem.billing.not-found": { en: "There is no such closing.", ro: "Nu există o asemenea închidere." },
  "problem.billing.not-found.do": { en: "Load the list again.", ro: "Reîncărcați lista." },
  "problem.billing.own-request": {
    en: "Who asked cannot close the month.",
    ro: "Cine a cerut nu poate închide luna.",
  },
  "problem.billing.own-request.do": {
    en: "Let another person with the right to approve do it.",
    ro: "Lăsați o altă persoană cu drept de aprobare.",
  },
  "problem.value.not-found": {
    en: "Nothing was ever stored there.",
    ro: "Acolo nu s-a stocat niciodată nimic.",
  },
  "problem.value.not-found.do": {
    en: "Choose an interval or a value that is shown.",
    ro: "Alegeți un interval sau o valoare care este afișată.",
  },
  "problem.channel.not-found": {
    en: "This point has no such channel.",
    ro: "Acest punct nu are un astfel de canal.",
  },
  "problem.channel.not-found.do": { en: "Choose one from the list.", ro: "Alegeți unul din listă." },
  "problem.attempt.ended": { en: "The read has ended already.", ro: "Citirea s-a încheiat deja." },
  "problem.attempt.ended.do": { en: "Nothing is left to cancel.", ro: "Nu mai este nimic de anulat." },
  "problem.attempt.not-found": {
    en: "This read is no longer known.",
    ro: "Această citire nu mai este cunoscută.",
  },
  "problem.attempt.not-found.do": { en: "Start a new one.", ro: "Porniți una nouă." },
  "problem.point.no-device": {
    en: "No device is assigned to this point's meter.",
    ro: "Contorului acestui punct nu îi este atribuit niciun echipament.",
  },
  "problem.point.no-device.do": { en: "Add its device first.", ro: "Adăugați întâi echipamentul." },
  "problem.first-run.token-refused": {
    en: "The one-time token is wrong, used or older than 30 minutes.",
    ro: "Codul de unică folosință este greșit, folosit sau mai vechi de 30 de minute.",
  },
  "problem.first-run.token-refused.do": {
    en: "Restart the program: it prints a new address.",
    ro: "Reporniți programul: va afișa o adresă nouă.",
  },
  "problem.first-run.done": { en: "The first account exists already.", ro: "Primul cont există deja." },
  "problem.first-run.done.do": { en: "Sign in with it.", ro: "Autentificați-vă cu el." },
  "problem.password.too-short": { en: "The password is too short.", ro: "Parola este prea scurtă." },
  "problem.password.too-short.do": {
    en: "Take at least 12 characters; a few words are fine.",
    ro: "Folosiți cel puțin 12 caractere; câteva cuvinte sunt bune.",
  },
  "problem.password.common": {
    en: "This password is on the lists that attackers try first.",
    ro: "Această parolă este pe listele pe care atacatorii le încearcă întâi.",
  },
  "problem.password.common.do": { en: "Choose another one.", ro: "Alegeți alta." },
  "problem.account.name-taken": { en: "This name is taken.", ro: "Acest nume este folosit." },
  "problem.account.name-taken.do": { en: "Choose another one.", ro: "Alegeți altul." },
  "problem.device.exists": {
    en: "A device with this identity, or a point with this POD, exists already.",
    ro: "Există deja un echipament cu această identitate sau un punct cu acest POD.",
  },
  "problem.device.exists.do": {
    en: "Search for it: it may only need a new address.",
    ro: "Căutați-l: poate are nevoie doar de o adresă nouă.",
  },
  "problem.sample-network.no-launcher": {
    en: "The sample network can only be started by the program that started this server.",
    ro: "Rețeaua de probă poate fi pornită doar de programul care a pornit acest server.",
  },
  "problem.sample-network.no-launcher.do": {
    en: "Start ENERGSys with “npm start”, or use “npm run demo”.",
    ro: "Porniți ENERGSys cu „npm start” sau folosiți „npm run demo”.",
  },
  "problem.rate.exceeded": {
    en: "Too many requests in a short time.",
    ro: "Prea multe cereri într-un timp scurt.",
  },
  "problem.rate.exceeded.do": {
    en: "Wait a little, then try again.",
    ro: "Așteptați puțin, apoi încercați din nou.",
  },
  "problem.database.away": { en: "The database does not answer.", ro: "Baza de date nu răspunde." },
  "problem.database.away.do": {
    en: "It is usually back within seconds; if not, see the system's log.",
    ro: "De obicei revine în câteva secunde; dacă nu, vedeți jurnalul sistemului.",
  },
  "problem.query.too-long": {
    en: "The answer takes too long to work out.",
    ro: "Răspunsul durează prea mult.",
  },
  "problem.query.too-long.do": {
    en: "Ask for less: a shorter period, a branch or a group.",
    ro: "Cereți mai puțin: o perioadă mai scurtă, o sucursală sau un grup.",
  },
  "problem.server.fault": { en: "The server made a mistake.", ro: "Serverul a greșit." },
  "problem.server.fault.do": {
    en: "Try again; if it happens again, quote the reference.",
    ro: "Încercați din nou; dacă se repetă, comunicați referința.",
  },
  "problem.link.timeout": {
    en: "The device did not answer in time.",
    ro: "Echipamentul nu a răspuns la timp.",
  },
  "problem.link.timeout.do": {
    en: "Check its supply and the connection behind the modem; it is tried again by itself.",
    ro: "Verificați alimentarea și legătura din spatele modemului; se încearcă din nou automat.",
  },
  "problem.link.closed": { en: "The connection was cut.", ro: "Conexiunea s-a întrerupt." },
  "problem.link.closed.do": {
    en: "Often a weak signal or a device that serves somebody else; it is tried again by itself.",
    ro: "Adesea semnal slab sau un echipament ocupat cu altcineva; se încearcă din nou automat.",
  },
  "problem.link.refused": {
    en: "The device refused the connection.",
    ro: "Echipamentul a refuzat conexiunea.",
  },
  "problem.link.refused.do": {
    en: "Check address, port, client number and password in its URL.",
    ro: "Verificați adresa, portul, numărul de client și parola din URL.",
  },
  "problem.link.unreachable": {
    en: "Nobody is reached at this address.",
    ro: "La această adresă nu răspunde nimeni.",
  },
  "problem.link.unreachable.do": {
    en: "Check host and port, and that the modem is on the network.",
    ro: "Verificați gazda și portul și că modemul este în rețea.",
  },
  "problem.link.busy": {
    en: "The device is busy with another session.",
    ro: "Echipamentul este ocupat cu altă sesiune.",
  },
  "problem.link.busy.do": {
    en: "Wait for it to end, then read again.",
    ro: "Așteptați să se încheie, apoi citiți din nou.",
  },
  "problem.link.garbled": {
    en: "What the device sent arrived broken.",
    ro: "Ce a trimis echipamentul a ajuns stricat.",
  },
  "problem.link.garbled.do": {
    en: "Noise on the line or wrong serial settings: check bus, baud rate and parity.",
    ro: "Zgomot pe linie sau setări seriale greșite: verificați magistrala, viteza și paritatea.",
  },
  "problem.link.unexpected": {
    en: "The device sent something that nobody asked for.",
    ro: "Echipamentul a trimis ceva ce nu s-a cerut.",
  },
  "problem.link.unexpected.do": {
    en: "Usually a late answer; the next read starts afresh.",
    ro: "De obicei un răspuns întârziat; următoarea citire începe de la zero.",
  },
  "problem.family.link": {
    en: "The connection to the device failed.",
    ro: "Conexiunea cu echipamentul a eșuat.",
  },
  "problem.family.link.do": {
    en: "Check supply, signal and address; it is tried again by itself.",
    ro: "Verificați alimentarea, semnalul și adresa; se încearcă din nou automat.",
  },
  "problem.family.answer": {
    en: "The device answers, but not in a way that its model foresees.",
    ro: "Echipamentul răspunde, dar nu cum prevede modelul său.",
  },
  "problem.family.answer.do": {
    en: "Check that model and protocol are the right ones; the code says what was found.",
    ro: "Verificați că modelul și protocolul sunt cele corecte; codul spune ce s-a găsit.",
  },
  "problem.family.store": {
    en: "What was read could not be stored.",
    ro: "Ce s-a citit nu a putut fi stocat.",
  },
  "problem.family.store.do": {
    en: "Nothing is lost: the device keeps it and is read again. See the system's log.",
    ro: "Nimic nu se pierde: echipamentul păstrează datele și este citit din nou. Vedeți jurnalul sistemului.",
  },
  "problem.family.other": { en: "That did not work.", ro: "Nu a reușit." },
  "problem.family.other.do": {
    en: "Look the code up in the list of errors.",
    ro: "Căutați codul în lista erorilor.",
  },
  "hop.queued": { en: "before the connection", ro: "înainte de conectare" },
  "hop.connecting": { en: "on the way to the device", ro: "pe drumul spre echipament" },
  "hop.reading": {
    en: "at the meter, after the connection stood",
    ro: "la contor, după stabilirea conexiunii",
  },
  "hop.storing": { en: "while storing, after the meter was read", ro: "la stocare, după citirea contorului" },
  "hop.reading.do": {
    en: "The connection stands but the meter does not go on: check the bus between modem and meter.",
    ro: "Conexiunea există, dar contorul nu continuă: verificați magistrala dintre modem și contor.",
  },
  "problem.ups.away": {
    en: "The supply unit does not say how it is.",
    ro: "Sursa neîntreruptibilă nu își comunică starea.",
  },
  "problem.ups.away.do": {
    en: "Look at the unit, its cable and its server.",
    ro: "Verificați sursa, cablul și serverul ei.",
  },
  "problem.ups.battery-low": {
    en: "The supply unit runs on a battery that is nearly empty.",
    ro: "Sursa neîntreruptibilă funcționează pe o baterie aproape descărcată.",
  },
  "problem.ups.battery-low.do": {
    en: "Bring the mains back at once, or stop the system in order.",
    ro: "Restabiliți imediat alimentarea sau opriți sistemul în ordine.",
  },
  "problem.ups.on-battery": {
    en: "The central office runs on battery.",
    ro: "Dispeceratul funcționează pe baterie.",
  },
  "problem.ups.on-battery.do": {
    en: "Find out why the mains is away, and how long the battery lasts.",
    ro: "Aflați de ce lipsește alimentarea și cât mai ține bateria.",
  },
  "problem.ups.replace-battery": {
    en: "The supply unit asks for another battery.",
    ro: "Sursa neîntreruptibilă cere înlocuirea bateriei.",
  },
  "problem.ups.replace-battery.do": {
    en: "Replace it: until then a failure of the mains stops the system.",
    ro: "Înlocuiți-o: până atunci, o pană de curent oprește sistemul.",
  },
});
