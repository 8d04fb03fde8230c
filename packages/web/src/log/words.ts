import { catalogue, type MessageKey } from "../text/catalogue.ts";

const keyOf = (key: string): MessageKey | undefined => (key in catalogue ? (key as MessageKey) : undefined);

/** The word for an action, a thing or a field of the log; what has none is told by its own name. */
export function wordOf(
  t: (key: MessageKey) => string,
  family: "action" | "thing" | "field",
  name: string,
): string {
  const key = keyOf(`log.${family}.${name}`);
  return key ? t(key) : name.replaceAll("_", " ");
}
