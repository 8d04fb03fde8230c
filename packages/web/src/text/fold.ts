/** A text as it is searched: lower case, without diacritics; ş and ș are one letter. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
