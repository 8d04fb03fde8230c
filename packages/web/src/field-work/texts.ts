import { addTexts } from "../text/catalogue.ts";
import { fieldWorkText } from "./messages.ts";

// They come with the pages that show them, and not with the start of the application.
addTexts(fieldWorkText);
