/** The steps of getting ready, in the order in which each helps the next. */
import { plural, t } from "../i18n/t";
import type { GettingReady } from "../provider";
import { listed, shortDate } from "../words";

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

export function stepsOf(ready: GettingReady, today: string): ReadyStep[] {
  const { terms, termsUntil, closures, people, withoutSignIn, unheld, texts, findings, saidDone } = ready;
  const far = termsUntil !== null && Date.parse(termsUntil) - Date.parse(today) > FAR_MS;
  const said = (name: string) => saidDone.includes(name);
  const roles = unheld.map(({ label }) => label);
  const more =
    roles.length > NAMED ? [...roles.slice(0, NAMED), plural(roles.length - NAMED, "# more", "# more")] : roles;
  const step = (name: string, title: string, state: string, links: ReadyStep["links"], seen: boolean | "said") => ({
    ...{ name, title, state, links },
    done: said(name) || seen === true,
    said: said(name),
    mayBeSaid: seen === "said",
  });
  return [
    step(
      "terms",
      t`Terms and days the school is closed`,
      terms === 0
        ? t`No term is known yet: until then every weekday counts as a school day.`
        : t`${plural(terms, "# term", "# terms")} and ${plural(closures, "# closed day or holiday", "# closed days and holidays")}, known until ${shortDate(termsUntil ?? "")}.`,
      [{ to: "/terms", words: terms === 0 ? t`Enter them` : t`Look at them` }],
      far,
    ),
    step(
      "people",
      t`People`,
      plural(people, "Only you so far.", "# people hold a role here."),
      [
        { to: "/people/import", words: t`From a file of your school’s system` },
        { to: "/people/new", words: t`By hand` },
      ],
      "said",
    ),
    step(
      "roles",
      t`Who does what`,
      roles.length === 0 ? t`Every role is held by somebody.` : t`Nobody is yet: ${listed(more)}.`,
      [{ to: "/people", words: t`Give people their roles` }],
      roles.length === 0 || "said",
    ),
    step(
      "texts",
      t`Your policies`,
      texts === 0
        ? t`None yet.`
        : findings === 0
          ? plural(texts, "# policy in the register.", "# policies in the register.")
          : t`${plural(texts, "# policy in the register", "# policies in the register")}; ${plural(findings, "# reading of them to confirm", "# readings of them to confirm")}.`,
      [{ to: "/ready/policies", words: t`Bring documents in` }],
      "said",
    ),
    step(
      "figures",
      t`The figures your rules use`,
      t`They come with a source each. Look over them, and change what your school does otherwise.`,
      [{ to: "/settings", words: t`Look over them` }],
      "said",
    ),
    step(
      "signIn",
      t`Everybody can sign in`,
      people === 1
        ? t`Once people are here, invite them: each gets a link of their own to choose a password by.`
        : withoutSignIn === 0
          ? t`Everybody here has a password.`
          : plural(withoutSignIn, "# person has no password yet.", "# people have no password yet."),
      [{ to: "/people/invite", words: t`Invite them` }],
      (people > 1 && withoutSignIn === 0) || "said",
    ),
  ];
}
