import { associationSnName, type DataValue, data } from "@energsys/protocols/dlms";
import { type CosemObject, done, failed } from "../dlms/cosem-object.ts";
import { nameOctets } from "../dlms/values.ts";
import type { Visit } from "../dlms/visit.ts";
import { accessRights, currentAssociationObis } from "./association-ln.ts";

/** Class 12: the association by short names, whose list tells where each object stands. */
export const associationSn: CosemObject = {
  classId: 12,
  version: 2,
  obis: currentAssociationObis,
  open: true,
  attributes: {
    2: (visit) => data.array(...visit.objects.map((object) => listElement(object, visit))),
    3: (visit) =>
      data.array(
        ...visit.objects.map((object) =>
          data.structure(baseName(object, visit), ...accessRights(object, visit)),
        ),
      ),
    4: () => nameOctets("0-0:0.0.0*0"),
  },
  methods: {
    5: ({ device, mechanism }, parameters) => {
      if (mechanism !== 1) return failed("read-write-denied");
      if (parameters?.type !== "octet-string" || parameters.bytes.length === 0)
        return failed("type-unmatched");
      device.password = parameters.bytes;
      device.meter.record("parameter-changed");
      return done;
    },
  },
};

/** A signed number on the wire. */
const baseName = ({ obis }: CosemObject, { baseOf }: Visit): DataValue => {
  const base = baseOf(obis) ?? associationSnName;
  return data.int16((base << 16) >> 16);
};

const listElement = (object: CosemObject, visit: Visit): DataValue =>
  data.structure(
    baseName(object, visit),
    data.uint16(object.classId),
    data.uint8(object.version),
    nameOctets(object.obis),
  );
