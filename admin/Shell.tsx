/**
 * What loads first: it asks who is signed in, and fetches the back office only for somebody who is. When a session
 * ends in mid-work the sign-in covers the page, which stays as it was underneath.
 */
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { Guarded } from "./Broken";
import type { ThisDevice } from "./device/thisDevice";
import { type Door, doorOf } from "./door";
import { WHO } from "./firstQueries";
import { lastFocused } from "./focus";
import { graphql, SIGNED_OUT } from "./graphql";
import { t } from "./i18n/t";
import { type Letterhead, wear } from "./letterhead/letterhead";
import { askAs, forgetAhead, forgetOrganisation, sentAhead } from "./post";
import { SignIn } from "./SignIn";

const loadApp = () => import("./App");
const App = lazy(loadApp);
const FoundPage = lazy(() => import("./start/FoundPage"));
const WelcomePage = lazy(() => import("./start/WelcomePage"));
const DevicePage = lazy(async () => {
  await import("./app.css");
  return import("./device/DevicePage");
});
const GuestPage = lazy(async () => {
  await import("./app.css");
  return import("./guest/GuestPage");
});

type Session =
  | { kind: "asking" }
  | { kind: "out"; why?: string; letterhead?: Letterhead | null }
  /** Nobody is signed in, on a device that several people report on. */
  | { kind: "device"; device: ThisDevice }
  | { kind: "in"; person: string; expired: boolean };

const noSchool = () =>
  t`There is no school here yet. Open the link that was printed where Duly was started: it founds yours, and makes you its first administrator.`;

/** Who is signed in, or else the sign-in, or what a shared device shows instead. */
async function whoIsHere(): Promise<Session> {
  askAs(undefined);
  const found = await graphql<{
    me: { person: { id: string } } | null;
    founding: { founded: boolean };
    sharedDevice: ThisDevice | null;
    letterhead: Letterhead | null;
  }>(WHO);
  const { letterhead } = found;
  if (letterhead) wear(letterhead);
  if (!found.founding.founded) return { kind: "out", letterhead, why: noSchool() };
  if (found.me) {
    askAs(found.me.person.id);
    tellTabs(found.me.person.id);
    return { kind: "in", person: found.me.person.id, expired: false };
  }
  forgetAhead();
  return found.sharedDevice ? { kind: "device", device: found.sharedDevice } : { kind: "out", letterhead };
}

/** Between the tabs of a browser, which share its session: who is signed in by now, null for nobody. */
const tabs = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("duly.session");
const tellTabs = (person: string | null): void => tabs?.postMessage(person);

const stayOut = (failure: Error): Session => ({ kind: "out", why: failure.message });

export function Shell() {
  const door = useDoor();
  return (
    <Guarded>
      {door?.page === "guest" ? (
        <Suspense fallback={<Opening />}>
          <GuestPage key={door.secret} secret={door.secret} />
        </Suspense>
      ) : (
        <Entrance door={door} />
      )}
    </Guarded>
  );
}

/** Who is here is asked; a guest's link needs no answer to that. */
function Entrance({ door }: { door: Door | undefined }) {
  const [session, setSession] = useState<Session>({ kind: "asking" });
  // What had the focus as the session ended: somebody goes on there.
  const interrupted = useRef<HTMLElement>(undefined);
  const inReach = session.kind === "in" && !session.expired;
  useEffect(() => {
    if (!inReach) return;
    interrupted.current?.focus();
    interrupted.current = undefined;
  }, [inReach]);

  useEffect(() => {
    // It is what will be shown, most likely: it need not wait for the answer. Where it cannot be had, App itself says so.
    if (sentAhead()) void loadApp().catch(() => undefined);
    // A kept choice of organisation that is no longer ours must not lock anybody out.
    void whoIsHere()
      .catch(() => (forgetAhead(), forgetOrganisation(), whoIsHere()))
      .catch(stayOut)
      .then(setSession);
    const ended = () => {
      interrupted.current ??= lastFocused();
      setSession((now) => {
        if (now.kind === "device") return { kind: "out", why: t`This is no longer a shared device. Sign in instead.` };
        return now.kind === "in" ? { ...now, expired: true } : now;
      });
    };
    const elsewhere = ({ data: person }: MessageEvent<unknown>) =>
      setSession((now) => {
        if (now.kind !== "in" || now.person === person) return now;
        interrupted.current ??= lastFocused();
        return { ...now, expired: true };
      });
    window.addEventListener(SIGNED_OUT, ended);
    tabs?.addEventListener("message", elsewhere);
    return () => {
      window.removeEventListener(SIGNED_OUT, ended);
      tabs?.removeEventListener("message", elsewhere);
    };
  }, []);

  const signedIn = useCallback(async () => {
    const found = await whoIsHere();
    if (found.kind !== "in")
      return setSession({ kind: "out", why: t`Your browser did not keep the sign-in. Allow cookies for this site.` });
    setSession((now) => {
      if (now.kind === "in" && now.person !== found.person) location.reload();
      return found;
    });
  }, []);
  const signedOut = useCallback(() => {
    tellTabs(null);
    void whoIsHere().catch(stayOut).then(setSession);
  }, []);

  if (door) {
    const enter = async (hash: string) => {
      location.hash = hash;
      // Whoever was signed in here before is not any more.
      if (session.kind === "in") location.reload();
      else await signedIn();
    };
    return (
      <Suspense fallback={<Opening />}>
        {door.page === "found" ? (
          <FoundPage key={door.secret} secret={door.secret} entered={() => enter("#/ready")} />
        ) : (
          <WelcomePage key={door.secret} secret={door.secret} entered={() => enter("#/")} />
        )}
      </Suspense>
    );
  }
  if (session.kind === "asking") return <Opening />;
  if (session.kind === "device")
    return (
      <Suspense fallback={<Opening />}>
        <DevicePage device={session.device} signIn={() => setSession({ kind: "out" })} />
      </Suspense>
    );
  if (session.kind === "out")
    return <SignIn signedIn={signedIn} of={session.letterhead} {...(session.why && { notice: session.why })} />;
  return (
    <>
      {session.expired && (
        <SignIn
          covering
          signedIn={signedIn}
          notice={t`You were signed out. Sign in to go on where you were: what you typed is still here.`}
        />
      )}
      <div hidden={session.expired} inert={session.expired}>
        <Suspense fallback={<Opening />}>
          <App signedOut={signedOut} />
        </Suspense>
      </div>
    </>
  );
}

const Opening = () => <p className="shell-wait" role="status">{t`Opening Duly…`}</p>;

/** A one-time link comes before whoever is signed in: it is for the person it was made for. */
function useDoor(): Door | undefined {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return doorOf(hash);
}
