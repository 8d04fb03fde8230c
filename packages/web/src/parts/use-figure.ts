import { useComputedColorScheme } from "@mantine/core";
import { type RefObject, useEffect, useState } from "react";
import { type Scheme, tokens } from "../theme.ts";

/** Width of an element in CSS px, followed as it changes; 0 until it is laid out. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

/** The colours of the theme that is on the screen, for canvases. */
export function useTokens(): (typeof tokens)[Scheme] {
  return tokens[useComputedColorScheme("light")];
}
