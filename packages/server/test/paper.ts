import { getDocumentProxy } from "unpdf";

/** An element of a tagged PDF with the text that belongs to it. */
export interface Tagged {
  readonly role: string;
  readonly text: string;
  readonly children: readonly Tagged[];
}

interface Node {
  readonly role: string;
  readonly children: readonly (Node | { readonly type: string; readonly id: string })[];
}

/** What a reader of PDF that is not ours makes of a file (Mozilla's PDF.js): its language, its pages' text, and the tree of its tags. */
export async function readPaper(file: Uint8Array) {
  const pdf = await getDocumentProxy(Uint8Array.from(file));
  const pages: { readonly text: string; readonly tags: Tagged }[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent({ includeMarkedContent: true });
    const marked = new Map<string, string>();
    const open: (string | null)[] = [];
    let text = "";
    for (const item of items) {
      if ("str" in item) {
        text += item.str + (item.hasEOL ? " " : "");
        const id = open.findLast((each) => each !== null);
        if (id) marked.set(id, (marked.get(id) ?? "") + item.str + (item.hasEOL ? " " : ""));
      } else if (item.type === "endMarkedContent") open.pop();
      else open.push(item.id ?? null);
    }
    pages.push({ text, tags: tagged((await page.getStructTree()) as Node, marked) });
  }
  const { info } = await pdf.getMetadata();
  const mark = await pdf.getMarkInfo();
  await pdf.loadingTask.destroy();
  const { Language: language, Title: title } = info as { Language?: string; Title?: string };
  return { marked: mark?.Marked === true, language, title, pages };
}

function tagged({ role, children }: Node, marked: ReadonlyMap<string, string>): Tagged {
  const own = children.map((child) => ("id" in child ? (marked.get(child.id) ?? "") : "")).join("");
  return {
    role,
    text: own.trim(),
    children: children.flatMap((child) => ("role" in child ? [tagged(child, marked)] : [])),
  };
}

/** All elements of a role, in reading order. */
export const ofRole = (role: string, of: Tagged): Tagged[] => [
  ...(of.role === role ? [of] : []),
  ...of.children.flatMap((child) => ofRole(role, child)),
];
