import { encodeObis } from "@energsys/protocols";
import { type DataValue, data } from "@energsys/protocols/dlms";

/** The number column of the journal as the restricting object of a range (capture object: class 1, attribute 2). */
export const rangeCaptureObject: DataValue = data.structure(
  data.uint16(1),
  data.octets(encodeObis("0-128:96.8.0*255")),
  data.int8(2),
  data.uint16(0),
);
