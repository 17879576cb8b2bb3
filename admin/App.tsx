/** The signed-in app: asks for the definitions once, and makes one resource from each. */
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { CustomRoutes, localStorageStore, Resource } from "ra-core";
import { lazy, type ReactNode, useEffect, useMemo, useState } from "react";
import { AdminContext, AdminUI } from "react-admin";
import { createHashRouter, Navigate, Route, RouterProvider, useParams } from "react-router-dom";
import type { RecordType } from "../schema/definition";
import { makeAuthProvider } from "./authProvider";
import { Broken } from "./Broken";
import { makeDataProvider } from "./dataProvider";
import { FailureNote, Waiting } from "./Failure";
import { Frame } from "./Frame";
import { RequestFailure, SCHEMA_CHANGED } from "./graphql";
import { t } from "./i18n/t";
import { i18nProvider } from "./i18n/reactAdmin";
import { keepLive } from "./live";
import { keepDraftsOf } from "./text/drafts";
import type { DulyProvider } from "./provider";
import { SessionContext, useSession } from "./session";
import { darkTheme, lightTheme } from "./theme";
import { MyWork } from "./work/MyWork";
import "./app.css";

const ImportPage = lazy(() => import("./import/ImportPage"));
const RecordList = lazy(() => import("./list/RecordList"));
const RecordPage = lazy(() => import("./record/RecordPage"));
const CreatePage = lazy(() => import("./record/CreatePage"));
const QuickPage = lazy(() => import("./record/QuickPage"));
const TextPage = lazy(() => import("./text/TextPage"));
const PeopleList = lazy(() => import("./people/PeopleList"));
const PersonPage = lazy(() => import("./people/PersonPage"));
const MyMail = lazy(() => import("./mail/MyMail"));
const AwayPage = lazy(() => import("./work/AwayPage"));
const MyPin = lazy(() => import("./device/MyPin"));
const SharedDevices = lazy(() => import("./device/SharedDevices"));
const AddPerson = lazy(() => import("./people/AddPerson"));
const ImportPeoplePage = lazy(() => import("./people/ImportPeoplePage"));
const InvitePage = lazy(() => import("./people/InvitePage"));
const ReadyPage = lazy(() => import("./ready/ReadyPage"));
const TermsPage = lazy(() => import("./ready/TermsPage"));
const PoliciesPage = lazy(() => import("./ready/PoliciesPage"));
const YearPage = lazy(() => import("./ready/YearPage"));
const SettingsPage = lazy(() => import("./settings/SettingsPage"));
const ProblemsPage = lazy(() => import("./running/ProblemsPage"));
const StatusPage = lazy(() => import("./running/StatusPage"));
const UpgradePage = lazy(() => import("./upgrade/UpgradePage"));
const ConfirmPage = lazy(() => import("./power/ConfirmPage"));
const SecurityLogPage = lazy(() => import("./power/SecurityLogPage"));
const MyPassword = lazy(() => import("./people/MyPassword"));
const ObligationsPage = lazy(() => import("./obligations/ObligationsPage"));
const CalendarPage = lazy(() => import("./calendar/CalendarPage"));
const DashboardPage = lazy(() => import("./dashboard/DashboardPage"));
const ReportsPage = lazy(() => import("./reports/ReportsPage"));
const MenuPage = lazy(() => import("./MenuPage"));
const SearchPage = lazy(() => import("./search/SearchPage"));
const NotFound = lazy(() => import("./NotFound"));

const transient = (failure: Error) =>
  failure instanceof RequestFailure && (failure.code === "OFFLINE" || failure.code === "UNAVAILABLE");
const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: (count, failure) => count < 2 && transient(failure), staleTime: 2_000 } },
});
const overGraphQL = makeDataProvider();
const store = localStorageStore(undefined, "Duly");

interface AppProps {
  signedOut: () => void;
  /** Another one only in tests. */
  dataProvider?: DulyProvider;
}

export default function App({ signedOut, dataProvider = overGraphQL }: AppProps) {
  // Once: react-admin makes a router at every render of its root, so that a page which navigates after a write, when the
  // session has been read anew, would move a router that is no longer drawn.
  const [router] = useState(() =>
    createHashRouter([{ path: "*", element: <Screens signedOut={signedOut} dataProvider={dataProvider} /> }]),
  );
  useEffect(() => () => router.dispose(), [router]);
  useEffect(() => (dataProvider === overGraphQL ? keepLive(queryClient) : undefined), [dataProvider]);
  return (
    <QueryClientProvider client={queryClient}>
      <Opening dataProvider={dataProvider}>
        <RouterProvider router={router} />
      </Opening>
    </QueryClientProvider>
  );
}

function Opening({ dataProvider, children }: { dataProvider: DulyProvider; children: ReactNode }) {
  const { data, error, refetch } = useQuery({ queryKey: ["session"], queryFn: () => dataProvider.session() });
  useEffect(() => {
    const changed = () => void refetch();
    window.addEventListener(SCHEMA_CHANGED, changed);
    return () => window.removeEventListener(SCHEMA_CHANGED, changed);
  }, [refetch]);

  if (error && !data) return <FailureNote failure={error} retry={() => void refetch()} />;
  if (!data) return <Waiting>{t`Opening Duly…`}</Waiting>;
  return <SessionContext value={data}>{children}</SessionContext>;
}

function Screens({ signedOut, dataProvider }: Required<AppProps>) {
  const session = useSession();
  const { types, me } = session;
  useEffect(() => keepDraftsOf(me.person.id), [me.person.id]);
  const authProvider = useMemo(
    () =>
      makeAuthProvider(session, async () => {
        await dataProvider.signOut();
        keepDraftsOf(null);
        queryClient.clear();
        signedOut();
      }),
    [session, signedOut, dataProvider],
  );
  // react-admin registers its routes anew whenever their identity changes; `types` keeps its own until a publish.
  const routes = useMemo(() => [...types.map(resourceOf), pages(types)], [types]);

  return (
    <AdminContext
      {...{ dataProvider, authProvider, i18nProvider, queryClient, store }}
      theme={lightTheme}
      darkTheme={darkTheme}
    >
      <AdminUI
        layout={Frame}
        dashboard={MyWork}
        loginPage={false}
        authCallbackPage={false}
        catchAll={NotFound}
        notification={Nothing}
        error={Broken}
        title="Duly"
        // The stock ping would be a request that leaves our origin.
        disableTelemetry
      >
        {routes}
      </AdminUI>
    </AdminContext>
  );
}

const resourceOf = (type: RecordType) => (
  <Resource
    key={type.plural}
    name={type.plural}
    list={<RecordList key={type.name} type={type} />}
    create={<CreatePage key={type.name} type={type} />}
    edit={<RecordPage key={type.name} type={type} />}
    options={{ label: type.pluralLabel }}
    recordRepresentation="recordTitle"
  >
    {type.quick && <Route path="quick" element={<QuickPage key={type.name} type={type} quick={type.quick} />} />}
    <Route path="import" element={<ImportPage key={type.name} type={type} />} />
    <Route path=":id/text/:field/:view?" element={<TextPage key={type.name} type={type} />} />
  </Resource>
);

const pages = (types: RecordType[]) => (
  <CustomRoutes key="pages">
    <Route path="/people" element={<PeopleList />} />
    <Route path="/people/new" element={<AddPerson />} />
    <Route path="/people/import" element={<ImportPeoplePage />} />
    <Route path="/people/invite" element={<InvitePage />} />
    <Route path="/people/:id" element={<PersonPage />} />
    <Route path="/ready" element={<ReadyPage />} />
    <Route path="/ready/policies" element={<PoliciesPage />} />
    <Route path="/ready/year" element={<YearPage />} />
    <Route path="/terms" element={<TermsPage />} />
    <Route path="/away" element={<AwayPage />} />
    <Route path="/mail" element={<MyMail />} />
    <Route path="/pin" element={<MyPin />} />
    <Route path="/devices" element={<SharedDevices />} />
    <Route path="/settings" element={<SettingsPage />} />
    <Route path="/confirm" element={<ConfirmPage />} />
    <Route path="/security" element={<SecurityLogPage />} />
    <Route path="/password" element={<MyPassword />} />
    <Route path="/upgrade" element={<UpgradePage />} />
    <Route path="/problems" element={<ProblemsPage />} />
    <Route path="/status" element={<StatusPage />} />
    <Route path="/calendar" element={<CalendarPage />} />
    <Route path="/dashboard" element={<DashboardPage />} />
    <Route path="/reports" element={<ReportsPage />} />
    <Route path="/obligations" element={<ObligationsPage />} />
    <Route path="/menu" element={<MenuPage />} />
    <Route path="/search" element={<SearchPage />} />
    {/* Links in mails name the type, not the list. */}
    {types
      .filter(({ name, plural }) => name !== plural)
      .map(({ name, plural }) => (
        <Route key={name} path={`/${name}/:id`} element={<ToRecord plural={plural} />} />
      ))}
  </CustomRoutes>
);

function ToRecord({ plural }: { plural: string }) {
  const { id } = useParams();
  return <Navigate replace to={`/${plural}/${id ?? ""}`} />;
}

/** What happened stands on the page that asked for it; nothing pops up and goes away by itself. */
const Nothing = () => null;
