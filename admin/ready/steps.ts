/** The steps of getting ready, in the order in which each helps the next. */
import type { GettingReady } from "../provider";
import { counted, listed, shortDate } from "../words";

export interface ReadyStep {
  name: string;
  title: string;
  /** What is there, in a sentence. */
  state: string;
  done: boolean;
  /** Done because somebody said so. */
  said: boolean;
  /** Nothing shows that it is done: a person says so. */
  mayBeSaid: boolean;
  links: { to: string; words: string }[];
}

/** Terms that end within this many days are not known far enough on. */
const FAR_MS = 120 * 86_400_000;
const NAMED = 6;

export const policiesInWords = (n: number): string => (n === 1 ? "1 policy" : `${n.toLocaleString("en-GB")} policies`);

export function stepsOf(ready: GettingReady, today: string): ReadyStep[] {
  const { terms, termsUntil, closures, people, withoutSignIn, unheld, texts, findings, saidDone } = ready;
  const far = termsUntil !== null && Date.parse(termsUntil) - Date.parse(today) > FAR_MS;
  const said = (name: string) => saidDone.includes(name);
  const roles = unheld.map(({ label }) => label);
  const more = roles.length > NAMED ? [...roles.slice(0, NAMED), `${roles.length - NAMED} more`] : roles;
  const step = (name: string, title: string, state: string, links: ReadyStep["links"], seen: boolean | "said") => ({
    ...{ name, title, state, links },
    done: said(name) || seen === true,
    said: said(name),
    mayBeSaid: seen === "said",
  });
  return [
    step(
      "terms",
      "Terms and days the school is closed",
      terms === 0
        ? "No term is known yet: until then every weekday counts as a school day."
        : `${counted(terms, "term")} and ${counted(closures, "closed day or holiday", "closed days and holidays")}, known until ${shortDate(termsUntil ?? "")}.`,
      [{ to: "/terms", words: terms === 0 ? "Enter them" : "Look at them" }],
      far,
    ),
    step(
      "people",
      "People",
      people === 1 ? "Only you so far." : `${people} people hold a role here.`,
      [
        { to: "/people/import", words: "From a file of your school’s system" },
        { to: "/people/new", words: "By hand" },
      ],
      "said",
    ),
    step(
      "roles",
      "Who does what",
      roles.length === 0 ? "Every role is held by somebody." : `Nobody is yet: ${listed(more)}.`,
      [{ to: "/people", words: "Give people their roles" }],
      roles.length === 0 || "said",
    ),
    step(
      "texts",
      "Your policies",
      texts === 0
        ? "None yet."
        : `${policiesInWords(texts)} in the register${findings > 0 ? `; ${counted(findings, "reading")} of them to confirm` : ""}.`,
      [{ to: "/ready/policies", words: "Bring documents in" }],
      "said",
    ),
    step(
      "figures",
      "The figures your rules use",
      "They come with a source each. Look over them, and change what your school does otherwise.",
      [{ to: "/settings", words: "Look over them" }],
      "said",
    ),
    step(
      "signIn",
      "Everybody can sign in",
      people === 1
        ? "Once people are here, invite them: each gets a link of their own to choose a password by."
        : withoutSignIn === 0
          ? "Everybody has chosen a password."
          : `${counted(withoutSignIn, "person has", "people have")} no password yet.`,
      [{ to: "/people/invite", words: "Invite them" }],
      (people > 1 && withoutSignIn === 0) || "said",
    ),
  ];
}
