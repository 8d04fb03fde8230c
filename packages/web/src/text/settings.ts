import { type Language, languages } from "../time/format.ts";

/** What this browser remembers. Private windows may refuse storage: then nothing is remembered, and nothing breaks. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`energsys.${name}`, value);
  } catch {
    // Storage is refused or full: the setting holds until the page is left.
  }
}

export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(`energsys.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The language before anybody signed in: chosen earlier, else the browser's, else Romanian. */
export function firstLanguage(): Language {
  const chosen = recall("language");
  if (isLanguage(chosen)) return chosen;
  for (const wish of navigator.languages) {
    const short = wish.slice(0, 2);
    if (isLanguage(short)) return short;
  }
  return "ro";
}

export function isLanguage(text: unknown): text is Language {
  return (languages as readonly unknown[]).includes(text);
}
