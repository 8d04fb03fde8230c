import { messages } from "../text/message.ts";

export const firstRunText = messages({});
