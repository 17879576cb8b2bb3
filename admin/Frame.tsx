/** Around every page: the registers at the side (below on a phone), the school, search and "new" at the top. */
import { type ReactNode, Suspense, useEffect, useRef } from "react";
import { useTheme } from "react-admin";
import { Link, NavLink, useNavigate } from "react-router-dom";
import type { RecordType } from "../schema/definition";
import { HeldBar } from "./demo/HeldBar";
import { ClockBar } from "./demo/ClockBar";
import { Waiting } from "./Failure";
import { actIn } from "./post";
import { t } from "./i18n/t";
import { Icon } from "./icons";
import { useSingleKeys } from "./keys";
import { Crest } from "./letterhead/letterhead";
import { useLetterhead } from "./letterhead/useLetterhead";
import { useProblemCount } from "./running/useProblemCount";
import { SearchBox } from "./search/SearchBox";
import { PowerBar } from "./power/PowerBar";
import { useSession } from "./session";
import { UnsavedGuard } from "./unsaved";
import { inSentence } from "./words";

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));

/** Those a person may see, under the headings the definitions give, in their order. */
export function useRegisters(): TypeGroup[] {
  const { types, me } = useSession();
  return groupsOf(types.filter(({ name }) => me.types.find((access) => access.name === name)?.see !== false));
}

interface TypeGroup {
  group: string;
  types: RecordType[];
}

export function groupsOf(types: RecordType[]): TypeGroup[] {
  const groups = new Map<string, RecordType[]>();
  for (const type of types)
    groups.set(type.group ?? t`Registers`, [...(groups.get(type.group ?? t`Registers`) ?? []), type]);
  return [...groups].map(([group, members]) => ({ group, types: members }));
}

export function useCreatable(): RecordType[] {
  const { types, me } = useSession();
  return types.filter(({ name }) => me.types.find((access) => access.name === name)?.create);
}

/** Where a new one is begun, and what that is called: the short form, where a type has one. */
export const newPath = ({ plural, quick }: RecordType): string => `/${plural}/${quick ? "quick" : "create"}`;
export const newWords = ({ label, quick }: RecordType): string => quick?.label ?? t`New ${inSentence(label)}`;

export function Frame({ children }: { children: ReactNode }) {
  const { me } = useSession();
  const [theme] = useTheme();
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  return (
    <div className="frame">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>{t`Skip to the page`}</button>
      <HeldBar>{me.demo ? <ClockBar /> : <PowerBar />}</HeldBar>
      <TopBar />
      <Rail />
      <main ref={main} tabIndex={-1} id="main">
        <UnsavedGuard>
          <Suspense fallback={<Waiting />}>{children}</Suspense>
        </UnsavedGuard>
      </main>
      <BottomBar />
    </div>
  );
}

function TopBar() {
  const { me } = useSession();
  const creatable = useCreatable();
  const navigate = useNavigate();
  const first = creatable[0];

  const { on } = useSingleKeys();
  useEffect(() => {
    if (!on) return undefined;
    const pressed = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "/") {
        event.preventDefault();
        document.getElementById("search")?.focus();
      } else if (event.key === "n" && first) {
        event.preventDefault();
        void navigate(creatable.length === 1 ? newPath(first) : "/menu");
      }
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [creatable, first, navigate, on]);

  return (
    <header className="top">
      <Link to="/" className="brand" aria-label={t`Duly, My work`}>
        <span className="brand-mark" aria-hidden="true" /> <span className="brand-word">Duly</span>
      </Link>
      <School />
      <SearchBox />
      {first && (
        <Link to={creatable.length === 1 ? newPath(first) : "/menu"} className="button new">
          <span>
            {creatable.length === 1 ? t`New ${(<span className="new-what">{inSentence(first.label)}</span>)}` : t`New`}
          </span>
        </Link>
      )}
      <Link to="/menu" className="me" aria-label={t`${me.person.name}: your settings and signing out`}>
        <span className="initials" aria-hidden="true">
          {me.person.name
            .split(/\s+/)
            .filter((part) => /^\p{L}/u.test(part))
            .map((part) => part.charAt(0))
            .slice(-2)
            .join("")}
        </span>
        <span className="me-name">{me.person.name}</span>
      </Link>
    </header>
  );
}

function School() {
  const { me } = useSession();
  const { data: letterhead } = useLetterhead();
  if (me.organisations.length < 2)
    return (
      <p className="school">
        {letterhead?.crest && <Crest of={letterhead} />}
        {letterhead?.name ?? me.organisation.name}
      </p>
    );
  const change = (id: string) => {
    actIn(id);
    location.assign("./");
  };
  return (
    <label className="school">
      <span className="visually-hidden">{t`School`}</span>
      <select className="input" value={me.organisation.id} onChange={(event) => change(event.target.value)}>
        {me.organisations.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

const Entry = ({
  to,
  icon,
  children,
  count,
}: {
  to: string;
  icon: string | undefined;
  children: string;
  count?: string;
}) => (
  <li>
    <NavLink to={to} end={to === "/"}>
      <Icon name={icon} /> <span>{children}</span>
      {count !== undefined && <span className="entry-count"> {count}</span>}
    </NavLink>
  </li>
);

/** Only where something failed: a menu is not the place to say that nothing did. */
function ProblemsEntry() {
  const { words } = useProblemCount();
  if (words === undefined) return null;
  return <Entry to="/problems" icon="warning" count={words}>{t`Problems`}</Entry>;
}

function Rail() {
  const { me } = useSession();
  const registers = useRegisters();
  return (
    <nav className="rail" aria-label={t`Main`}>
      <ul>
        <Entry to="/" icon="work">{t`My work`}</Entry>
        {me.administers && <ProblemsEntry />}
        {me.administers && <Entry to="/ready" icon="flag">{t`Getting ready`}</Entry>}
      </ul>
      {registers.map(({ group, types }) => (
        <div key={group}>
          {(registers.length > 1 || types.length > 1) && <p className="rail-group">{group}</p>}
          <ul>
            {types.map((type) => (
              <Entry key={type.name} to={`/${type.plural}`} icon={type.icon}>
                {type.pluralLabel}
              </Entry>
            ))}
          </ul>
        </div>
      ))}
      <ul>
        <Entry to="/calendar" icon="calendar">{t`Calendar`}</Entry>
        <Entry to="/dashboard" icon="chart">{t`Dashboard`}</Entry>
        <Entry to="/reports" icon="assignment">{t`Reports`}</Entry>
        <Entry to="/obligations" icon="shield">{t`What the policies oblige`}</Entry>
        <Entry to="/people" icon="people">{t`People`}</Entry>
        {me.administers && <Entry to="/settings" icon="settings">{t`Settings`}</Entry>}
      </ul>
    </nav>
  );
}

function BottomBar() {
  const first = useRegisters()[0]?.types[0];
  return (
    <nav className="bottom" aria-label={t`Main, short`}>
      <ul>
        <Entry to="/" icon="work">{t`My work`}</Entry>
        {first && (
          <Entry to={`/${first.plural}`} icon={first.icon}>
            {first.pluralLabel}
          </Entry>
        )}
        <Entry to="/calendar" icon="calendar">{t`Calendar`}</Entry>
        <Entry to="/menu" icon="menu">{t`Menu`}</Entry>
      </ul>
    </nav>
  );
}
