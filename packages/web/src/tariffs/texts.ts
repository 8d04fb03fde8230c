import { tariffAccountText } from "../multi-rate/account-messages.ts";
import { addTexts } from "../text/catalogue.ts";
import { tariffText } from "./messages.ts";

// They come with the pages that show them, and not with the start of the application.
addTexts({ ...tariffText, ...tariffAccountText });
