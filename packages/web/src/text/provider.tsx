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

/** A text by its key; a missing value is a mistake of ours and fails loudly. */
export function translator(language: Language, zone: string, stretched = false): Translate {
  const intl = createIntl(
    {
      locale: locales[language],
      messages: messagesOf(language),
      timeZone: zone,
      onError: (error) => {
        throw error;
      },
    },
    cache,
  );
  const plain: Translate = (key, values) => intl.formatMessage({ id: key }, { ...values });
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
