/** Control state of a disconnector (IEC 62056-6-2, class 70): 0 disconnected, 1 connected, 2 ready for reconnection. */
export type RelayState = 0 | 1 | 2;
/** Control modes of class 70. */
export type RelayMode = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** Who moves a disconnector: the head-end, a hand at the meter, or the meter itself (its limiter). */
export type RelayActor = "remote" | "manual" | "local";
export type RelayCommand = "disconnect" | "reconnect";

const all: readonly RelayMode[] = [1, 2, 3, 4, 5, 6];

/** Modes in which each transition of the standard's state diagram exists. */
const transitions: readonly {
  readonly actor: RelayActor;
  readonly command: RelayCommand;
  readonly from: RelayState;
  readonly to: RelayState;
  readonly modes: readonly RelayMode[];
}[] = [
  { actor: "remote", command: "disconnect", from: 1, to: 0, modes: all },
  { actor: "remote", command: "disconnect", from: 2, to: 0, modes: all },
  { actor: "local", command: "disconnect", from: 1, to: 2, modes: all },
  { actor: "manual", command: "disconnect", from: 1, to: 2, modes: [1, 2, 5] },
  { actor: "remote", command: "reconnect", from: 0, to: 1, modes: [2, 4] },
  { actor: "remote", command: "reconnect", from: 0, to: 2, modes: [1, 3, 5, 6] },
  { actor: "manual", command: "reconnect", from: 2, to: 1, modes: all },
  { actor: "local", command: "reconnect", from: 2, to: 1, modes: [5, 6] },
];

/** The state that a command leads to, or `undefined` where the mode knows no such way from here. */
export function nextState(
  mode: RelayMode,
  state: RelayState,
  actor: RelayActor,
  command: RelayCommand,
): RelayState | undefined {
  return transitions.find(
    (one) => one.actor === actor && one.command === command && one.from === state && one.modes.includes(mode),
  )?.to;
}

export const isRelayMode = (value: number): value is RelayMode =>
  Number.isInteger(value) && value >= 0 && value <= 6;
