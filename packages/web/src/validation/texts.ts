import "../field-work/texts.ts";
import { addTexts } from "../text/catalogue.ts";
import { validationText } from "./messages.ts";
import { validationRuleText } from "./rule-messages.ts";

// They come with the pages that show them, and not with the start of the application.
addTexts({ ...validationText, ...validationRuleText });
