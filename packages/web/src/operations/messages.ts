import { messages } from "../text/message.ts";

export const operationsText = messages({});
