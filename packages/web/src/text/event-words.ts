import type { MessageKey } from "./catalogue.ts";
import { eventText } from "./event-messages.ts";

/** The text of an event's name; none for a code that no table knows: then the code itself is all that can be told. */
export function eventKey(name: string | null): MessageKey | undefined {
  const key = `event.${name}`;
  return name !== null && Object.hasOwn(eventText, key) ? (key as MessageKey) : undefined;
}
