import { messages } from "../text/message.ts";

export const pointText = messages({});
