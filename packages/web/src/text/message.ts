import type { Language } from "../time/format.ts";

/** One text in every language: a language that is missing fails the type check. */
export type Message = Readonly<Record<Language, string>>;

/** Keeps the keys of a feature's texts as literal types. */
export function messages<Key extends string>(texts: Record<Key, Message>): Record<Key, Message> {
  return texts;
}
