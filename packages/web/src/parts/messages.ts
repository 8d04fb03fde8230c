import { messages } from "../text/message.ts";

export const partsText = messages({});
