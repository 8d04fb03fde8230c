import { data } from "@energsys/protocols/dlms";
import { type CosemObject, done, failed, type Method } from "../dlms/cosem-object.ts";
import { isRelayMode, type RelayCommand } from "../meter/relay.ts";

// A refused command is "other reason": what the mode does not know is no fault of the parameter.
const remote =
  (command: RelayCommand): Method =>
  ({ device: { meter } }, parameters) => {
    if (parameters && parameters.type !== "int8") return failed("type-unmatched");
    const was = meter.relayState;
    const already = command === "disconnect" ? was === 0 : was === 1;
    return already || meter.switchRelay("remote", command) ? done : failed("other-reason");
  };

/** Class 70: the disconnector and its control modes. */
export const disconnectControl: CosemObject = {
  classId: 70,
  version: 0,
  obis: "0-0:96.3.10*255",
  attributes: {
    2: ({ device: { meter } }) => data.boolean(meter.relayState === 1),
    3: ({ device: { meter } }) => data.enum(meter.relayState),
    4: ({ device: { meter } }) => data.enum(meter.relayMode),
  },
  writes: {
    4: ({ device: { meter } }, value) => {
      if (value.type !== "enum") return "type-unmatched";
      if (!isRelayMode(value.value)) return "other-reason";
      meter.relayMode = value.value;
      meter.record("parameter-changed");
      return "success";
    },
  },
  methods: { 1: remote("disconnect"), 2: remote("reconnect") },
};
