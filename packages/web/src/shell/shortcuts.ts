import { useEffect, useRef } from "react";
import { recall, remember } from "../text/settings.ts";

/** Single letters can be switched off (WCAG 2.1.4): they collide with speech input. */
export function lettersOn(): boolean {
  return recall("letters") !== "off";
}
export function setLetters(on: boolean): void {
  remember("letters", on ? "on" : "off");
}

/** Whether a key press belongs to a field or a widget that uses letters itself. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    // What is only ticked takes no letters.
    !(target instanceof HTMLInputElement && /^(radio|checkbox)$/.test(target.type))
  );
}

export type Keys = Readonly<Record<string, () => void>>;
const chordMs = 1_200;

/** Name of a pressed key with its modifiers: `ctrl+k`, `alt+arrowleft`, `?`. */
export function keyName(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  const key = event.key.toLowerCase();
  return `${event.ctrlKey || event.metaKey ? "ctrl+" : ""}${event.altKey ? "alt+" : ""}${key}`;
}

/** Runs an action per key: `ctrl+k`, `?`, `g o` (two keys in a row). Letters are left alone while somebody types. */
export function useShortcuts(keys: Keys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    let first = "";
    let firstAtMs = 0;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const name = keyName(event);
      const plain = !name.includes("+") || name === "+";
      if (plain && (isTyping(event.target) || !lettersOn())) return;
      // A dialog has its own keys.
      if (plain && document.querySelector('[role="dialog"][aria-modal="true"]')) return;
      const chord = event.timeStamp - firstAtMs < chordMs ? `${first} ${name}` : "";
      const action = latest.current[chord] ?? latest.current[name];
      first = name;
      firstAtMs = event.timeStamp;
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
