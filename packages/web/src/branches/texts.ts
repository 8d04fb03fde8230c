import { addTexts } from "../text/catalogue.ts";
import { branchesText } from "./messages.ts";

// They come with the page that shows them, and not with the start of the application.
addTexts(branchesText);
