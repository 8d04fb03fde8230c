/** What a concentrator says of its version: to the centre, and in dumps. */
export const firmwareVersion = "0.1.0";
