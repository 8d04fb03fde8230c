import { accountText } from "../account/messages.ts";
import { alarmsText } from "../alarms/messages.ts";
import { analysisText } from "../analysis/messages.ts";
import type { attributesText } from "../attributes/messages.ts";
import type { billingText } from "../billing/messages.ts";
import { billingStartText } from "../billing/start-messages.ts";
import type { branchesText } from "../branches/messages.ts";
import { certificatesText } from "../certificates/messages.ts";
import type { databaseText } from "../database/messages.ts";
import { retentionText } from "../database/retention-messages.ts";
import type { equipmentActionText } from "../equipment/action-messages.ts";
import type { seenExchangeText } from "../equipment/exchange-messages.ts";
import { equipmentText } from "../equipment/messages.ts";
import type { gatewaySettingText } from "../equipment/settings-messages.ts";
import type { exchangeText } from "../exchange/messages.ts";
import type { exportsText } from "../exports/messages.ts";
import { exportsStartText } from "../exports/start-messages.ts";
import type { mappingText } from "../field-imports/mapping-messages.ts";
import { fieldImportText } from "../field-imports/messages.ts";
import type { fieldWorkText } from "../field-work/messages.ts";
import { fieldWorkStartText } from "../field-work/start-messages.ts";
import type { firstRunText } from "../first-run/messages.ts";
import type { groupFileText } from "../groups/file-messages.ts";
import { groupsText } from "../groups/messages.ts";
import { healthText } from "../health/messages.ts";
import { keysText } from "../keys/messages.ts";
import { logText } from "../log/messages.ts";
import type { lossesText } from "../losses/messages.ts";
import type { metersText } from "../meters/messages.ts";
import { metersStartText } from "../meters/start-messages.ts";
import type { modemsText } from "../modems/messages.ts";
import type { tariffAccountText } from "../multi-rate/account-messages.ts";
import type { multiRateText } from "../multi-rate/messages.ts";
import { operationsText } from "../operations/messages.ts";
import type { formText } from "../parts/form-messages.ts";
import { partsText } from "../parts/messages.ts";
import type { peaksText } from "../peaks/messages.ts";
import { peopleText } from "../people/messages.ts";
import type { placesText } from "../places/messages.ts";
import { pointText } from "../point/messages.ts";
import { storyText } from "../point/story-messages.ts";
import { pointsText } from "../points/messages.ts";
import { importsText } from "../points-imports/messages.ts";
import { ratiosText } from "../ratios/messages.ts";
import type { reportsText } from "../reports/messages.ts";
import { reportsStartText } from "../reports/start-messages.ts";
import { shellText } from "../shell/messages.ts";
import { signInText } from "../sign-in/messages.ts";
import { signInSettingsText } from "../sign-in-settings/messages.ts";
import type { erasureText } from "../subscribers/erasure-messages.ts";
import type { subscribersText } from "../subscribers/messages.ts";
import { subscribersStartText } from "../subscribers/start-messages.ts";
import type { tariffText } from "../tariffs/messages.ts";
import { tariffStartText } from "../tariffs/start-messages.ts";
import type { Language } from "../time/format.ts";
import type { validationText } from "../validation/messages.ts";
import type { validationRuleText } from "../validation/rule-messages.ts";
import { validationStartText } from "../validation/start-messages.ts";
import { vpnText } from "../vpn/messages.ts";
import type { watchText } from "../watch/messages.ts";
import { watchStartText } from "../watch/start-messages.ts";
import { commonText } from "./common-messages.ts";
import { deviceProblemText } from "./device-problem-messages.ts";
import { eventText } from "./event-messages.ts";
import type { Message } from "./message.ts";
import { problemText } from "./problem-messages.ts";
import { validationProblemText } from "./validation-problem-messages.ts";

/** Texts that are there from the start. A key that two features share would hide one of them; a test looks. */
const startTexts = {
  ...commonText,
  ...problemText,
  ...validationProblemText,
  ...deviceProblemText,
  ...eventText,
  ...shellText,
  ...partsText,
  ...analysisText,
  ...tariffStartText,
  ...signInText,
  ...accountText,
  ...signInSettingsText,
  ...ratiosText,
  ...healthText,
  ...operationsText,
  ...alarmsText,
  ...validationStartText,
  ...equipmentText,
  ...fieldImportText,
  ...fieldWorkStartText,
  ...pointsText,
  ...pointText,
  ...billingStartText,
  ...exportsStartText,
  ...retentionText,
  ...storyText,
  ...groupsText,
  ...subscribersStartText,
  ...metersStartText,
  ...importsText,
  ...peopleText,
  ...keysText,
  ...logText,
  ...vpnText,
  ...certificatesText,
  ...watchStartText,
  ...reportsStartText,
};

/** Texts that come with their pages, by `addTexts`: whoever never opens such a page does not load them. */
type LateTexts = typeof databaseText &
  typeof erasureText &
  typeof subscribersText &
  typeof gatewaySettingText &
  typeof firstRunText &
  typeof equipmentActionText &
  typeof watchText &
  typeof lossesText &
  typeof exchangeText &
  typeof groupFileText &
  typeof mappingText &
  typeof seenExchangeText &
  typeof formText &
  typeof metersText &
  typeof placesText &
  typeof branchesText &
  typeof modemsText &
  typeof attributesText &
  typeof billingText &
  typeof exportsText &
  typeof validationText &
  typeof validationRuleText &
  typeof tariffText &
  typeof tariffAccountText &
  typeof multiRateText &
  typeof reportsText &
  typeof peaksText &
  typeof fieldWorkText;
export type MessageKey = keyof typeof startTexts | keyof LateTexts;

/** Every text that is loaded. */
export const catalogue = { ...startTexts } as Record<MessageKey, Message>;

/** The parts of `catalogue`, for the test that no key is there twice. */
export const catalogueParts = [
  commonText,
  problemText,
  validationProblemText,
  deviceProblemText,
  eventText,
  shellText,
  partsText,
  analysisText,
  tariffStartText,
  signInText,
  accountText,
  signInSettingsText,
  ratiosText,
  healthText,
  operationsText,
  alarmsText,
  validationStartText,
  equipmentText,
  fieldImportText,
  pointsText,
  pointText,
  billingStartText,
  exportsStartText,
  retentionText,
  storyText,
  groupsText,
  subscribersStartText,
  metersStartText,
  importsText,
  peopleText,
  keysText,
  logText,
  vpnText,
  certificatesText,
  watchStartText,
  reportsStartText,
];

const byLanguage = new Map<Language, Record<string, string>>();

/** Adds the texts of a page that is loaded now. */
export function addTexts(texts: Partial<Record<MessageKey, Message>>): void {
  Object.assign(catalogue, texts);
  for (const [language, known] of byLanguage) {
    for (const [key, text] of Object.entries(texts)) known[key] = text[language];
  }
}

export function messagesOf(language: Language): Record<string, string> {
  let texts = byLanguage.get(language);
  if (!texts) {
    texts = Object.fromEntries(Object.entries(catalogue).map(([key, text]) => [key, text[language]]));
    byLanguage.set(language, texts);
  }
  return texts;
}
