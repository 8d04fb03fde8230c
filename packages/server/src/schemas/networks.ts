import { networkEntryMax } from "@energsys/store";
import Type from "typebox";
import { closed, Text, Yes } from "./basics.ts";

const entries = (description: string) =>
  Type.Array(
    Text("Network such as 10.0.0.0/8, address, private, or public", { minLength: 2, maxLength: 50 }),
    {
      maxItems: networkEntryMax,
      description,
    },
  );

/** The lists; `private` are those of companies and mobile operators, `public` what is neither those nor closed to everybody. */
export const Networks = Type.Object(
  {
    devices: entries("Where devices may be dialled; the network of the tunnels is added to it"),
    directories: entries("Where the servers of directories may be"),
    providers: entries("Where OpenID providers may be"),
    mail: entries("Where the mail server may be"),
  },
  closed,
);

export const NetworksTrial = Type.Object(
  {
    address: Text("Address that is asked about", { minLength: 2, maxLength: 100 }),
    ...Networks.properties,
  },
  closed,
);

export const NetworksTried = Type.Object(
  {
    address: Text("The address as it was understood"),
    devices: Yes("A device may be dialled there"),
    directories: Yes("A directory may be there"),
    providers: Yes("A provider may be there"),
    mail: Yes("The mail server may be there"),
  },
  closed,
);
