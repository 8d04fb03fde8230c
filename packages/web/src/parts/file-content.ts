import { fileText } from "@energsys/metering/file-text";

/** What a chosen file is sent as. A workbook is a ZIP archive: it goes as it is; everything else is text. */
export async function fileContent(file: File): Promise<{ text: string } | { workbook: string }> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isWorkbook = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
  return isWorkbook ? { workbook: base64Of(bytes) } : { text: fileText(bytes) };
}

const pieceLength = 0x8000;
function base64Of(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += pieceLength)
    binary += String.fromCharCode(...bytes.subarray(at, at + pieceLength));
  return btoa(binary);
}
