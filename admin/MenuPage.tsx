import { useLogout } from "ra-core";
import { useTheme } from "react-admin";
import { Link } from "react-router-dom";
import { newPath, newWords, useCreatable, useRegisters } from "./Frame";
import { LanguageChoice } from "./i18n/LanguageChoice";
import { t } from "./i18n/t";
import { useSingleKeys } from "./keys";
import { Page } from "./Page";
import { useProblemCount } from "./running/useProblemCount";
import { useSession } from "./session";
import { useTourKept } from "./tour/useTour";
import { listed } from "./words";
import { hasDrafts } from "./text/drafts";

/** Everything there is, for a phone without the rail, and what is the person's own: theme, signing out. */
export default function MenuPage() {
  const { me, roles } = useSession();
  const registers = useRegisters();
  const creatable = useCreatable();
  const logout = useLogout();
  const keys = useSingleKeys();
  const keepTour = useTourKept();
  const [theme, setTheme] = useTheme();
  const { words: problems } = useProblemCount();
  const held = me.roles.map((name) => roles.find((role) => role.name === name)?.label ?? name);
  const across: [to: string, words: string][] = [
    ["/", t`My work`],
    ["/calendar", t`Calendar`],
    ["/dashboard", t`Dashboard`],
    ["/reports", t`Reports`],
    ["/obligations", t`What the policies oblige`],
    ["/people", t`People`],
  ];
  if (me.confirms) across.push(["/confirm", t`To confirm`], ["/security", t`Security log`]);
  if (me.administers)
    across.push(
      ["/ready", t`Getting ready`],
      ["/settings", t`Settings`],
      ["/devices", t`Shared devices`],
      ["/problems", problems === undefined ? t`Problems` : t`Problems (${problems})`],
      ["/status", t`How Duly is doing`],
    );
  return (
    <Page
      title={me.person.name}
      below={
        <p className="quiet">
          {held.length > 0 ? t`${listed(held)} at ${me.organisation.name}` : me.organisation.name}
        </p>
      }
    >
      {creatable.length > 0 && (
        <section aria-labelledby="menu-new">
          <h2 id="menu-new">{t`New`}</h2>
          <ul className="plain-links">
            {creatable.map((type) => (
              <li key={type.name}>
                <Link to={newPath(type)}>{newWords(type)}</Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="menu-go">
        <h2 id="menu-go">{t`Go to`}</h2>
        <div className="menu-groups">
          <div>
            <h3>{t`Across all of them`}</h3>
            <ul className="plain-links">
              {across.map(([to, words]) => (
                <li key={to}>
                  <Link to={to}>{words}</Link>
                </li>
              ))}
            </ul>
          </div>
          {registers.map(({ group, types }) => (
            <div key={group}>
              <h3>{group}</h3>
              <ul className="plain-links">
                {types.map((type) => (
                  <li key={type.name}>
                    <Link to={`/${type.plural}`}>{type.pluralLabel}</Link>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </div>
      </section>
      <section aria-labelledby="menu-mine">
        <h2 id="menu-mine">{t`Mine`}</h2>
        <ul className="plain-links">
          <li>
            <Link to="/away">{t`Out of office`}</Link>
          </li>
          <li>
            <Link to="/mail">{t`When mail reaches me`}</Link>
          </li>
          <li>
            <Link to="/password">{t`Change my password`}</Link>
          </li>
          <li>
            <Link to="/pin">{t`My PIN for shared devices`}</Link>
          </li>
          <li>
            <Link to="/" onClick={() => void keepTour(false)}>{t`Show me round again`}</Link>
          </li>
        </ul>
      </section>
      <section aria-labelledby="menu-look">
        <h2 id="menu-look">{t`How it looks`}</h2>
        <div className="choice-row" role="radiogroup" aria-labelledby="menu-look">
          {(["light", "dark"] as const).map((name) => (
            <label key={name} className="check">
              <input type="radio" name="theme" checked={theme === name} onChange={() => setTheme(name)} />
              {name === "light" ? t`Light` : t`Dark`}
            </label>
          ))}
        </div>
      </section>
      <section aria-labelledby="menu-language">
        <h2 id="menu-language">{t`Language`}</h2>
        <LanguageChoice />
      </section>
      <section aria-labelledby="menu-keys">
        <h2 id="menu-keys">{t`Keys`}</h2>
        <label className="check">
          <input type="checkbox" checked={keys.on} onChange={(event) => void keys.turn(event.target.checked)} />
          {t`Single keys: / to search, N for something new`}
        </label>
      </section>
      {hasDrafts() && (
        <p className="quiet">{t`Something that you wrote on this device is not saved. Signing out clears it away.`}</p>
      )}
      <button type="button" className="button" onClick={() => void logout()}>{t`Sign out`}</button>
    </Page>
  );
}
