import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { asProblem } from "../api/problem.ts";
import { problemWords } from "../text/problem-words.ts";
import type { Translate } from "../text/provider.tsx";
import { type Act, actOver, actSaved } from "./last-act.ts";

const undoMs = 10_000;

/** Says what was done, with a way back for ten seconds; the page's `u` takes the same way. */
export function tellWithUndo(
  t: Translate,
  message: string,
  act: Act,
  takeBack: () => Promise<unknown>,
): void {
  const id = `vee-${performance.now()}`;
  const tell = (color: string, text: string) =>
    notifications.show({
      color,
      withBorder: true,
      message: text,
    });
  const { unwanted } = act;
  actSaved(act, () => {
    notifications.hide(id);
    // The page may show another finding by now: what comes of it is said here.
    takeBack().then(
      () => tell("accent", t("vee.undone")),
      (error: unknown) => {
        const { code } = asProblem(error);
        tell("red", `${t("vee.not-undone")} ${t(problemWords(code).what)} (${code})`);
      },
    );
  });
  if (unwanted) return;
  notifications.show({
    id,
    color: "accent",
    withBorder: true,
    autoClose: undoMs,
    message: (
      <span className="e-row">
        {message}
        <Button variant="default" size="compact-sm" onClick={() => act.undo?.()}>
          {t("vee.undo")}
        </Button>
      </span>
    ),
    onClose: () => actOver(act),
  });
}
