import { addTexts } from "../text/catalogue.ts";
import { tariffAccountText } from "./account-messages.ts";
import { multiRateText } from "./messages.ts";

// They come with the page that shows them, and not with the start of the application.
addTexts({ ...multiRateText, ...tariffAccountText });
