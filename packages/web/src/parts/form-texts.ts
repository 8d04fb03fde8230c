import { addTexts } from "../text/catalogue.ts";
import { formText } from "./form-messages.ts";

// They come with the forms, and not with the start of the application.
addTexts(formText);
