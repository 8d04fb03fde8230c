import { createContext, type ReactNode, useContext, useEffect, useMemo } from "react";
import { createIntl, createIntlCache } from "react-intl";
import { type Formats, formatsOf, type Language, locales } from "../time/format.ts";
import { type MessageKey, messagesOf } from "./catalogue.ts";
import { pseudo } from "./pseudo.ts";

export type TextValues = Readonly<Record<string, string | number>>;
export type Translate = (key: MessageKey, values?: TextValues) => string;

export interface Locale {
  readonly language: Language;
  readonly zone: string;
  readonly t: Translate;
  readonly f: Formats;
}

const LocaleContext = createContext<Locale | undefined>(undefined);
const cache = createIntlCache();

/** Names of the values that a text counts by, "{count, plural, …": they stay numbers, and "#" writes them. */
const countedIn = new Map<string, ReadonlySet<string>>();
function counted(text: string): ReadonlySet<string> {
  let names = countedIn.get(text);
  if (!names) {
    names = new Set([...text.matchAll(/\{(\w+),/g)].map((match) => match[1]!));
    countedIn.set(text, names);
  }
  return names;
}

/**
 * A text by its key; a missing value is a mistake of ours and fails loudly. A number is written as the language writes numbers:
 * what is no quantity, such as the number of a case, comes as text.
 */
export function translator(language: Language, zone: string, stretched = false): Translate {
  const texts = messagesOf(language);
  const intl = createIntl(
    {
      locale: locales[language],
      messages: texts,
      timeZone: zone,
      onError: (error) => {
        throw error;
      },
    },
    cache,
  );
  const numbers = new Intl.NumberFormat(locales[language], { maximumFractionDigits: 20 });
  const plain: Translate = (key, values = {}) => {
    const written = Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "number" && !counted(texts[key] ?? "").has(name) ? numbers.format(value) : value,
    ]);
    return intl.formatMessage({ id: key }, Object.fromEntries(written));
  };
  return stretched ? (key, values) => pseudo(plain(key, values)) : plain;
}

export function LocaleProvider(props: {
  readonly language: Language;
  readonly zone: string;
  readonly stretched?: boolean;
  readonly children: ReactNode;
}) {
  const { language, zone, stretched = false } = props;
  const value = useMemo<Locale>(
    () => ({ language, zone, t: translator(language, zone, stretched), f: formatsOf(language, zone) }),
    [language, zone, stretched],
  );
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return <LocaleContext value={value}>{props.children}</LocaleContext>;
}

/** Texts and formats of the reader's language, in the network's zone. */
export function useLocale(): Locale {
  const locale = useContext(LocaleContext);
  if (!locale) throw new Error("no LocaleProvider above");
  return locale;
}
