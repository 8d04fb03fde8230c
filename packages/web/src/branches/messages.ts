import { messages } from "../text/message.ts";

export const branchesText = messages({
  "branches.lead": {
    en: "Everything in the network belongs to a branch, and a right for a branch covers all below it.",
    ro: "Tot ce este în rețea ține de o ramură, iar un drept pentru o ramură cuprinde tot ce este sub ea.",
  },
  "branches.new": { en: "New branch", ro: "Ramură nouă" },
  "branches.below": { en: "Add", ro: "Adaugă" },
  "branches.below-of": { en: "Add below {name}", ro: "Adaugă sub {name}" },
  "branches.change": { en: "Change", ro: "Modifică" },
  "branches.change-of": { en: "Change {name}", ro: "Modifică {name}" },
  "branches.remove": { en: "Remove", ro: "Elimină" },
  "branches.remove-of": { en: "Remove {name}", ro: "Elimină {name}" },
  "branches.none": { en: "There is no branch yet.", ro: "Nu există încă nicio ramură." },
  "branches.none-do": {
    en: "Branches come with imported points too; the first one can be made here.",
    ro: "Ramurile vin și cu punctele importate; prima poate fi făcută aici.",
  },
  "branches.name": { en: "Name", ro: "Nume" },
  "branches.points": { en: "Points", ro: "Puncte" },
  "branches.locations": { en: "Locations", ro: "Locații" },
  "branches.concentrators": { en: "Concentrators", ro: "Concentratoare" },
  "branches.groups": { en: "Groups", ro: "Grupuri" },
  "branches.people": { en: "People", ro: "Persoane" },
  "branches.with-below": { en: "With those below", ro: "Cu cele de sub ea" },
  "branches.above": { en: "Under", ro: "Sub" },
  "branches.top": { en: "none: at the top", ro: "niciuna: la vârf" },
  "branches.rights": {
    en: "Under another branch it is covered by the rights for that one, at once.",
    ro: "Sub altă ramură este cuprinsă de drepturile pentru aceea, imediat.",
  },
  "branches.remove-lead": {
    en: "Nothing hangs on this branch. Its name stays in the activity log.",
    ro: "De această ramură nu depinde nimic. Numele rămâne în jurnalul de activitate.",
  },
  "problem.branch.name-used": {
    en: "A branch of that name is there already.",
    ro: "Există deja o ramură cu acest nume.",
  },
  "problem.branch.name-used.do": { en: "Choose another name.", ro: "Alegeți alt nume." },
  "problem.branch.cycle": {
    en: "A branch cannot stand below itself.",
    ro: "O ramură nu poate fi sub ea însăși.",
  },
  "problem.branch.cycle.do": { en: "Choose another branch above it.", ro: "Alegeți altă ramură superioară." },
  "problem.branch.in-use": { en: "Something hangs on this branch.", ro: "De această ramură depinde ceva." },
  "problem.branch.in-use.do": {
    en: "Move branches, locations, concentrators and groups elsewhere and end rights for it first.",
    ro: "Mutați întâi în altă parte ramurile, locațiile, concentratoarele și grupurile și încheiați drepturile pentru ea.",
  },
});
