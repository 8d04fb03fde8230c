import type { ReactNode } from "react";

/** What scrolls sideways is reached by keyboard. */
export function Scrolled(props: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={props.label}>
      {props.children}
    </section>
  );
}
