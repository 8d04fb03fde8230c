import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Translate } from "../text/provider.tsx";

const undoMs = 10_000;
let last: { readonly id: string; readonly undo: () => void } | undefined;

/** Says what was done, with a way back for ten seconds; the page's `u` takes the same way. */
export function tellWithUndo(t: Translate, message: string, undo: () => void): void {
  const id = `vee-${performance.now()}`;
  const once = () => {
    if (last?.id === id) last = undefined;
    notifications.hide(id);
    undo();
  };
  last = { id, undo: once };
  notifications.show({
    closeButtonProps: { "aria-label": t("nav.close") },
    id,
    color: "accent",
    withBorder: true,
    autoClose: undoMs,
    message: (
      <span className="e-row">
        {message}
        <Button variant="default" size="compact-sm" onClick={once}>
          {t("vee.undo")}
        </Button>
      </span>
    ),
    onClose: () => {
      if (last?.id === id) last = undefined;
    },
  });
}

/** Takes the last act back, as long as its message stands. */
export const undoLast = (): void => last?.undo();
