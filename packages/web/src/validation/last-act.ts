/** One decision of somebody. Until it is saved there is nothing to take back yet. */
export interface Act {
  /** Somebody wants it back while it is still being saved. */
  unwanted: boolean;
  undo?: () => void;
}

let last: Act | undefined;

/** A decision begins to be saved: it is what `undoLast` means from now on. */
export function beginAct(): Act {
  last = { unwanted: false };
  return last;
}

/** It is saved, and `undo` takes it back: at once, when somebody has asked for that meanwhile. */
export function actSaved(act: Act, undo: () => void): void {
  act.undo = () => {
    actOver(act);
    undo();
  };
  if (act.unwanted) act.undo();
}

/** It was not saved, is taken back, or its time is over. */
export function actOver(act: Act): void {
  if (last === act) last = undefined;
}

/** Takes the last decision back; one that is still being saved as soon as it is. */
export function undoLast(): void {
  if (last?.undo) last.undo();
  else if (last) last.unwanted = true;
}
