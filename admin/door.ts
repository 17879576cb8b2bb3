/** A one-time link by which the back office was opened: to found a school, to choose a password, or to answer as a guest. */
export interface Door {
  page: "found" | "welcome" | "guest";
  secret: string;
}

export function doorOf(hash: string): Door | undefined {
  const [, page, secret] = /^#\/(found|welcome|guest)\/([\w-]+)$/.exec(hash) ?? [];
  return secret === undefined ? undefined : { page: page as Door["page"], secret };
}
