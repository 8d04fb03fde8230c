import type { Language } from "@energsys/store";

const locales: Record<Language, string> = { ro: "ro-RO", en: "en-GB" };
const formats: Record<Language, Intl.NumberFormat> = {
  ro: new Intl.NumberFormat(locales.ro),
  en: new Intl.NumberFormat(locales.en),
};

/** An exact decimal in a sentence, with all its digits and the separators of the language. */
export function decimalText(decimal: string, language: Language): string {
  const digits = decimal.split(".")[1]?.length ?? 0;
  // Intl takes decimal text of any length exactly; TypeScript's own signature knows it as a numeric string.
  return new Intl.NumberFormat(locales[language], { minimumFractionDigits: digits }).format(
    decimal as Intl.StringNumericLiteral,
  );
}

/** A text with its places filled: `{name}` stands for a value, and numbers are written as people write them. */
export const fill = (
  text: string,
  language: Language,
  values: Readonly<Record<string, string | number>>,
): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? formats[language].format(value) : value;
  });
