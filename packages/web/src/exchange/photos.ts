import { api } from "../api/client.ts";

/** Pictures of one exchange at most, and bytes of one. */
export const photosMax = 6;
export const photoBytesMax = 4 * 1024 * 1024;

/** The bytes of a file as base64. */
async function base64Of(file: File): Promise<string> {
  const address = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  return address.slice(address.indexOf(",") + 1);
}

/** Sends pictures one after the other; gives the names of those that were refused. */
export async function sendPhotos(exchangeId: number, files: readonly File[]): Promise<string[]> {
  const refused: string[] = [];
  for (const file of files) {
    try {
      if (file.size > photoBytesMax) throw new Error("too large");
      await api.addExchangePhoto(exchangeId, {
        fileName: file.name.slice(0, 200),
        content: await base64Of(file),
      });
    } catch {
      refused.push(file.name);
    }
  }
  return refused;
}
