import { type DataValue, data } from "@energsys/protocols/dlms";
import { type CosemObject, done, failed } from "../dlms/cosem-object.ts";
import type { MeterDevice } from "../dlms/meter-device.ts";
import type { Shape } from "../dlms/shape.ts";
import { stored } from "../dlms/stored.ts";
import { nameOctets, obisIn } from "../dlms/values.ts";
import { nextTime } from "./execution-times.ts";
import { activateImage, imageTransferObis } from "./image-transfer.ts";
import { push, pushSetupObis } from "./push-setup.ts";

export const disconnectScript = "0-0:10.0.106*255";
const imageScript = "0-0:10.0.107*255";
const pushScript = "0-0:10.0.108*255";

interface Script {
  /** What the table says of it: execute (2) a method of an object. */
  readonly classId: number;
  readonly obis: string;
  readonly method: number;
  run(device: MeterDevice): boolean;
}

const relayObis = "0-0:96.3.10*255";
const tables: Readonly<Record<string, readonly Script[]>> = {
  [disconnectScript]: [
    {
      classId: 70,
      obis: relayObis,
      method: 1,
      run: ({ meter }) => meter.switchRelay("remote", "disconnect"),
    },
    { classId: 70, obis: relayObis, method: 2, run: ({ meter }) => meter.switchRelay("remote", "reconnect") },
  ],
  [imageScript]: [{ classId: 18, obis: imageTransferObis, method: 4, run: activateImage }],
  [pushScript]: [{ classId: 40, obis: pushSetupObis, method: 1, run: push }],
};

const runScript = (device: MeterDevice, table: string | undefined, selector: number): boolean =>
  tables[table ?? ""]?.[selector - 1]?.run(device) ?? false;

/** Class 9: what the meter does on a number. Selectors count from 1. */
const scriptTable = (obis: string, scripts: readonly Script[]): CosemObject => ({
  classId: 9,
  version: 0,
  obis,
  attributes: {
    2: () =>
      data.array(
        ...scripts.map((script, index) =>
          data.structure(
            data.uint16(index + 1),
            data.array(
              data.structure(
                data.enum(2),
                data.uint16(script.classId),
                nameOctets(script.obis),
                data.int8(script.method),
                data.int8(0),
              ),
            ),
          ),
        ),
      ),
  },
  methods: {
    1: ({ device }, parameters) => {
      if (parameters?.type !== "uint16") return failed("type-unmatched");
      return runScript(device, obis, parameters.value) ? done : failed("other-reason");
    },
  },
});

export const scriptTables: readonly CosemObject[] = Object.entries(tables).map(([obis, scripts]) =>
  scriptTable(obis, scripts),
);

const timesShape: Shape = { arrayOf: { structure: ["octet-string", "octet-string"] }, most: 10 };

/** Class 22: a script at its times, of the meter's own clock. */
const schedule = (obis: string, script: DataValue): CosemObject => {
  const executed = stored(`${obis}/2`, { structure: ["octet-string", "uint16"] }, script);
  const times = stored(`${obis}/4`, timesShape, data.array());
  /** Waits for the next of the times, and for the one after it. */
  const arm = (device: MeterDevice, value: DataValue): void => {
    const atMs = nextTime(value, device.meter);
    device.schedule(obis, atMs, () => {
      const { items } = (device.kept(`${obis}/2`) ?? script) as { items: readonly DataValue[] };
      const selector = items[1]?.type === "uint16" ? items[1].value : 0;
      runScript(device, obisIn(items[0]), selector);
      arm(device, value);
    });
  };
  return {
    classId: 22,
    version: 0,
    obis,
    attributes: { 2: executed.read, 3: () => data.enum(1), 4: times.read },
    writes: {
      2: executed.write,
      4: (visit, value) => {
        const result = times.write(visit, value);
        if (result === "success") arm(visit.device, value);
        return result;
      },
    },
    recall: (device) => {
      const kept = device.kept(`${obis}/4`);
      if (kept) arm(device, kept);
    },
  };
};

const scriptOf = (obis: string, selector: number) => data.structure(nameOctets(obis), data.uint16(selector));

export const schedules: readonly CosemObject[] = [
  schedule("0-0:15.0.1*255", scriptOf(disconnectScript, 1)),
  schedule("0-0:15.0.2*255", scriptOf(imageScript, 1)),
  schedule("0-0:15.0.4*255", scriptOf(pushScript, 1)),
];
