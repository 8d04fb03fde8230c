/**
 * The text of a file: UTF-8, UTF-16 where it says so (a spreadsheet's *Unicode text*), otherwise the code page of central Europe, in which
 * spreadsheets save CSV. That one knows ş and ţ with a cedilla only; ș and ț are meant.
 */
export function fileText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1250")
      .decode(bytes)
      .replaceAll(/[şţŞŢ]/g, (letter) => commaBelow[letter]!);
  }
}
const commaBelow: Readonly<Record<string, string>> = { ş: "ș", ţ: "ț", Ş: "Ș", Ţ: "Ț" };
