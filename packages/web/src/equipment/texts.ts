import { addTexts } from "../text/catalogue.ts";
import { equipmentActionText } from "./action-messages.ts";
import { seenExchangeText } from "./exchange-messages.ts";
import { gatewaySettingText } from "./settings-messages.ts";

// They come with the pages that show them, and not with the start of the application.
addTexts(seenExchangeText);
addTexts(equipmentActionText);
addTexts(gatewaySettingText);
