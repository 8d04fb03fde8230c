import { messages } from "../text/message.ts";

export const pointsText = messages({});
