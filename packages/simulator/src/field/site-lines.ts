/** Names of the lines below a concentrator of a town. */
export const siteLines = { modules: "modules", hdlc: "hdlc", supply: "supply" } as const;
