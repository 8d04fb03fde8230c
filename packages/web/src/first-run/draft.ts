import { useState } from "react";

/** State that survives a reload of this tab: nothing typed is lost. Never for secrets. */
export function useDraft<T extends object>(
  name: string,
  first: T,
): [T, (change: Partial<T>) => void, () => void] {
  const key = `energsys.draft.${name}`;
  const [draft, setDraft] = useState<T>(() => {
    try {
      const found: unknown = JSON.parse(sessionStorage.getItem(key) ?? "{}");
      return typeof found === "object" && found !== null ? { ...first, ...found } : first;
    } catch {
      return first;
    }
  });
  const store = (next: T) => {
    setDraft(next);
    try {
      sessionStorage.setItem(key, JSON.stringify(next));
    } catch {
      // Storage is refused: the draft lives as long as the page.
    }
  };
  return [draft, (change) => store({ ...draft, ...change }), () => store(first)];
}
