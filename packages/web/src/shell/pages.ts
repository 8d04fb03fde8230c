import type { MessageKey } from "../text/catalogue.ts";

export interface PageEntry {
  readonly key: MessageKey;
  readonly to: "/op" | "/points" | "/devices/new";
  readonly group: "operate" | "configure" | "analyse" | "admin";
  /** In the menu; otherwise only in the palette. */
  readonly menu: boolean;
}

/** Every page that can be gone to: menu and palette are made of this list. */
export const pages: readonly PageEntry[] = [
  { key: "nav.operations", to: "/op", group: "operate", menu: true },
  { key: "nav.points", to: "/points", group: "configure", menu: true },
  { key: "nav.add-device", to: "/devices/new", group: "configure", menu: true },
];

export const groups = ["operate", "configure", "analyse", "admin"] as const;
