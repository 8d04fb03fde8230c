/** Letters that do not come apart into a base letter and a mark. */
const folded: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
};

/**
 * What lists and the palette search in: lower case, without diacritics (`Șoseaua Păcii` → `soseaua pacii`), one blank
 * between words. The same function folds what is searched for.
 */
export function searchText(...parts: readonly string[]): string {
  return parts
    .join(" ")
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .replaceAll(/[ßæœøłđðþı]/g, (letter) => folded[letter] ?? letter)
    .replaceAll(/\s+/g, " ")
    .trim();
}
