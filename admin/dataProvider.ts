/** The screens' questions, asked over GraphQL. */
import type { DataProvider, Identifier } from "ra-core";
import { evaluate } from "../schema/condition";
import type { Scope } from "../schema/scope";
import type { CalendarData } from "../schema/calendarData";
import type { RecordType, TourStep } from "../schema/definition";
import type { Letterhead } from "./letterhead/letterhead";
import { translate } from "./filter";
import { graphql, RequestFailure } from "./graphql";
import { t } from "./i18n/t";
import type {
  AbsenceItem,
  Appointment,
  AvailableAction,
  CalendarFeed,
  Chain,
  DeviceItem,
  ChartItem,
  ClockChange,
  DueList,
  DocumentText,
  DulyProvider,
  GuestAccess,
  GettingReady,
  ImportedTexts,
  ModelTextItem,
  PackClashItem,
  CheckItem,
  ClockJobItem,
  DefinitionToMend,
  MadeReport,
  Moved,
  ProblemItem,
  Opened,
  Page,
  PeopleImportItem,
  PowerDecisionItem,
  PowerRequestItem,
  PersonFileItem,
  PersonRef,
  PinState,
  RecordDetail,
  RecordItem,
  MissingFromRoll,
  RecordQuery,
  RequestItem,
  ImportedLine,
  SheetInfo,
  SheetLine,
  ReportContent,
  ReportInfo,
  SavedView,
  SchoolDays,
  SchoolCalendar,
  SearchGroup,
  Session,
  SettingItem,
  ShownValue,
  SignInLink,
  Sources,
  StandingItem,
  TaskItem,
  TimerItem,
  Verbs,
  ViewItem,
} from "./provider";
import { COUNTED } from "./provider";
import { MY_TASKS, SESSION } from "./firstQueries";
import * as q from "./queries";
import { asRecordData } from "./record/values";
import { scopeIn } from "./session";
import { makeReport } from "./reports/reportFile";
import { upload } from "./upload";

interface Connection<T> {
  nodes: T[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}
type Raw = { [name: string]: unknown } & Omit<RecordItem, "values" | "type">;
type RawDetail = Raw & Omit<RecordDetail, "values" | "type" | "inForce" | "versions">;

const pageOf = <T>({ nodes, pageInfo }: Connection<T>): Page<T> => ({
  nodes,
  next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
});

function itemOf(type: RecordType, raw: Raw): RecordItem {
  const { id, reference, recordTitle, version, state, createdAt, updatedAt, createdBy } = raw;
  const values = Object.fromEntries(
    Object.entries(type.fields).flatMap(([name, { sealed }]) =>
      // A sealed field that holds nothing is as empty as any other.
      name in raw ? [[name, sealed ? raw[name] === true || null : (raw[name] as ShownValue)]] : [],
    ),
  );
  return { id, type: type.name, reference, recordTitle, version, state, createdAt, updatedAt, createdBy, values };
}

function detailOf(type: RecordType, raw: RawDetail): RecordDetail {
  const { tasks, timers, history, notices, findings, warnings, permissions, availableActions } = raw;
  const documents = q.documentFields(type);
  return {
    ...itemOf(type, raw),
    ...{ tasks, timers, history, notices, findings, warnings, permissions },
    availableActions: availableActions.map((each) => ({
      ...each,
      form: (each.form as AvailableAction["form"] | null) ?? [],
    })),
    inForce: Object.fromEntries(
      documents.map((name) => [name, (raw[`${name}InForce`] as DocumentText | null) ?? null]),
    ),
    versions: Object.fromEntries(
      documents.map((name) => [name, (raw[`${name}Versions`] as DocumentText[] | null) ?? []]),
    ),
  };
}

/** A link to a register this person may not see leads nowhere: such fields are left out of every screen. */
function readable(types: RecordType[]): RecordType[] {
  const seen = new Set(types.map(({ name }) => name));
  return types.map((type) => ({
    ...type,
    fields: Object.fromEntries(
      Object.entries(type.fields).filter(([, field]) =>
        field.kind === "link" || field.kind === "links" ? seen.has(field.to) : true,
      ),
    ),
  }));
}

/** Most names a condition of a view reads; all are asked for, so that it can be evaluated here where it must be. */
const fieldNames = (type: RecordType): string[] =>
  Object.entries(type.fields).flatMap(([name, { kind }]) => (kind === "document" || kind === "longText" ? [] : [name]));

const ROUNDS = 20;

interface ProblemTotals {
  totalCount: number;
  totalCountCapped: boolean;
}

export function makeDataProvider(): DulyProvider {
  let session: Session | undefined;

  function typeNamed(name: string): RecordType {
    const type = session?.types.find((each) => each.name === name || each.plural === name);
    if (!type) throw new RequestFailure("NOT_FOUND", t`There is no such register, or you may not see it.`);
    return type;
  }

  function scope(type: RecordType): Scope {
    if (!session) throw new RequestFailure("UNAUTHENTICATED", t`Sign in to go on.`);
    return scopeIn(session, type);
  }

  async function listRecords(name: string, query: RecordQuery): Promise<Page<RecordItem>> {
    const type = typeNamed(name);
    const { where, search, sort, first = 25 } = query;
    const translated = where ? translate(where, scope(type)) : { filter: undefined, exact: true };
    const fields = translated.exact ? (query.fields ?? []) : fieldNames(type);
    const passes = (item: RecordItem) =>
      translated.exact || !where || evaluate(where, { ...scope(type), record: asRecordData(type, item) });
    const found: RecordItem[] = [];
    let after: string | null = query.after ?? null;
    // One round where the filter says it all; else pages until one is full, so that none looks empty before the end.
    for (let round = 0; round < ROUNDS; round += 1) {
      const { page }: { page: Connection<Raw> } = await graphql(q.listQuery(type, fields), {
        filter: translated.filter ?? null,
        sort: sort ? [q.sortName(sort)] : null,
        first: first - found.length,
        after,
        search: search?.trim() || null,
      });
      const { nodes, next } = pageOf(page);
      found.push(...nodes.map((raw) => itemOf(type, raw)).filter(passes));
      after = next;
      if (translated.exact || next === null || found.length >= first) break;
    }
    return { nodes: found, next: after };
  }

  const ours: Verbs = {
    async session() {
      const data = await graphql<{
        me: Session["me"] | null;
        roles: Session["roles"];
        calendar: CalendarData;
        settings: SettingItem[];
        definitions: { type: string; version: number; json: RecordType }[];
      }>(SESSION);
      if (!data.me) throw new RequestFailure("UNAUTHENTICATED", t`Sign in to go on.`);
      const edition = data.definitions.map(({ type, version }) => `${type}:${version}`).join(",");
      // The same array until somebody publishes: routes are made from it once.
      const types = session?.edition === edition ? session.types : readable(data.definitions.map(({ json }) => json));
      const figures: Session["figures"] = {};
      for (const { type, name, value } of data.settings) (figures[type] ??= {})[name] = value;
      const { me, roles, calendar } = data;
      session = { me, roles, zone: calendar.zone, calendar, figures, types, edition };
      return session;
    },

    listRecords,

    async countRecords(name, { where, search }) {
      const type = typeNamed(name);
      const translated = where ? translate(where, scope(type)) : { filter: undefined, exact: true };
      if (!translated.exact) {
        let [n, after]: [number, string | undefined] = [0, undefined];
        do {
          const page: Page<RecordItem> = await listRecords(name, {
            ...(where && { where }),
            ...(search && { search }),
            first: 200,
            ...(after && { after }),
          });
          n += page.nodes.length;
          after = page.next ?? undefined;
        } while (after && n <= COUNTED);
        return Math.min(n, COUNTED + 1);
      }
      const { page } = await graphql<{ page: { totalCount: number; totalCountCapped: boolean } }>(q.countQuery(type), {
        filter: translated.filter ?? null,
        search: search?.trim() || null,
      });
      return page.totalCountCapped ? COUNTED + 1 : page.totalCount;
    },

    listSetup: (type, name) => graphql<Awaited<ReturnType<Verbs["listSetup"]>>>(q.LIST_SETUP, { type, name }),
    saveView: async (input) => (await graphql<{ saveView: SavedView }>(q.SAVE_VIEW, { input })).saveView,
    async deleteView(id) {
      await graphql(q.DELETE_VIEW, { id });
    },
    tour: async (name) => {
      const { me, preference } = await graphql<{ me: { tour: TourStep[] }; preference: unknown }>(q.TOUR, { name });
      return preference === null ? me.tour : [];
    },
    preference: async (name) => (await graphql<{ preference: unknown }>(q.PREFERENCE, { name })).preference,
    async setPreference(name, value) {
      await graphql(q.SET_PREFERENCE, { name, value });
    },
    sheet: async (input) => (await graphql<{ sheet: SheetInfo }>(q.SHEET, { input })).sheet,
    sheetRows: async (input, offset) =>
      (await graphql<{ sheetRows: SheetLine[] }>(q.SHEET_ROWS, { input, offset })).sheetRows,
    sheetWords: async (input, column) =>
      (await graphql<{ sheetWords: { word: string; rows: number }[] }>(q.SHEET_WORDS, { input, column })).sheetWords,
    importSheet: async (input) =>
      (await graphql<{ importSheet: ImportedLine[] }>(q.IMPORT_SHEET, { input })).importSheet,
    async discardFile(file) {
      await graphql(q.DISCARD_FILE, { file });
    },
    async missingFromRoll(type, present) {
      const input = { type, present };
      return (await graphql<{ missingFromRoll: MissingFromRoll }>(q.MISSING_FROM_ROLL, { input })).missingFromRoll;
    },
    search: async (text, first) => (await graphql<{ search: SearchGroup[] }>(q.SEARCH, { text, first })).search,

    async readRecord(name, id) {
      const type = typeNamed(name);
      const { record } = await graphql<{ record: RawDetail | null }>(q.recordQuery(type), { id });
      if (!record) throw new RequestFailure("NOT_FOUND", t`This record does not exist, or you may not see it.`);
      return detailOf(type, record);
    },

    async readText(id) {
      const { documentVersion } = await graphql<{ documentVersion: DocumentText | null }>(q.TEXT, { id });
      if (!documentVersion) throw new RequestFailure("NOT_FOUND", t`This text does not exist, or you may not see it.`);
      return documentVersion;
    },

    sources: () => graphql<Sources>(q.SOURCES),

    async chain(name, id) {
      const { chain } = await graphql<{ chain: Chain | null }>(q.CHAIN, { type: typeNamed(name).name, id });
      return chain ?? { nodes: [], edges: [], more: false };
    },

    async moreHistory(name, id, before) {
      const query = q.historyQuery(typeNamed(name));
      const { record } = await graphql<{ record: Pick<RecordDetail, "history"> | null }>(query, { id, before });
      return record?.history ?? [];
    },

    async wholeEntry(name, id, seq) {
      const query = q.entryQuery(typeNamed(name));
      const { record } = await graphql<{ record: Pick<RecordDetail, "history"> | null }>(query, {
        id,
        before: seq + 1,
      });
      return record?.history[0];
    },

    async views(name, id, after) {
      const query = q.viewsQuery(typeNamed(name));
      const { record } = await graphql<{ record: { views: Connection<ViewItem> } | null }>(query, { id, after });
      return record ? pageOf(record.views) : { nodes: [], next: null };
    },

    openSealed: async (type, id, field, reason) =>
      (await graphql<{ openSealed: Opened }>(q.OPEN_SEALED, { type, id, field, reason })).openSealed,

    guestAccess: async (type, id) =>
      (await graphql<{ guestAccess: GuestAccess | null }>(q.GUEST_ACCESS, { type, id })).guestAccess,
    makeGuestLink: async (type, record, person) =>
      (
        await graphql<{ makeGuestLink: { url: string | null; mailedTo: string | null } }>(q.MAKE_GUEST_LINK, {
          input: { type, record, person },
        })
      ).makeGuestLink,
    async revokeGuestLink(id) {
      await graphql(q.REVOKE_GUEST_LINK, { id });
    },

    async createRecord(name, input) {
      return (
        await graphql<{ record: { id: string; reference: string } }>(q.createMutation(typeNamed(name)), { input })
      ).record;
    },

    async updateRecord(name, id, expectedVersion, input, reason) {
      await graphql(q.updateMutation(typeNamed(name)), { id, expectedVersion, input, reason: reason?.trim() || null });
    },

    async act(name, id, action, { version, input, comment }) {
      const asks = Object.keys(input).length > 0;
      await graphql(q.actionMutation(typeNamed(name), action, asks), {
        id,
        expectedVersion: version,
        ...(asks && { input }),
        comment: comment?.trim() || null,
      });
    },

    upload,
    myTasks: async (after) =>
      pageOf((await graphql<{ myTasks: Connection<TaskItem> }>(MY_TASKS, { after: after ?? null })).myTasks),
    myWaiting: async () => pageOf((await graphql<{ myWaiting: Connection<TaskItem> }>(q.MY_WAITING)).myWaiting),
    async completeTask(id, comment) {
      await graphql(q.COMPLETE_TASK, { input: { id, comment: comment.trim() || null } });
    },
    async handOverTask(id, to, comment) {
      await graphql(q.HAND_OVER_TASK, { input: { id, to, comment: comment.trim() || null } });
    },
    async takeBackTask(id) {
      await graphql(q.TAKE_BACK_TASK, { id });
    },
    async commentTask(id, comment) {
      await graphql(q.COMMENT_TASK, { id, comment });
    },
    myRequests: async () => (await graphql<{ myRequests: RequestItem[] }>(q.MY_REQUESTS)).myRequests,
    urgentWaiting: async () =>
      (await graphql<{ urgentWaitingSince: string | null }>(q.URGENT_WAITING)).urgentWaitingSince,
    myAbsences: async () => (await graphql<{ myAbsences: AbsenceItem[] }>(q.MY_ABSENCES)).myAbsences,
    async setAbsence(input) {
      await graphql(q.SET_ABSENCE, { input });
    },
    async endAbsence(id) {
      await graphql(q.END_ABSENCE, { id });
    },
    upcoming: async ({ from, to, after, first = 50 }) =>
      pageOf((await graphql<{ timers: Connection<TimerItem> }>(q.UPCOMING, { from, to, after, first })).timers),

    people: async (search, after) =>
      pageOf(
        (
          await graphql<{ people: Connection<PersonRef> }>(q.PEOPLE, {
            search: search.trim() || null,
            after: after ?? null,
          })
        ).people,
      ),
    person: async (id) => (await graphql<{ person: PersonRef | null }>(q.PERSON, { id })).person,
    appointments: async (person) =>
      (await graphql<{ appointments: Appointment[] }>(q.APPOINTMENTS, { person })).appointments,
    appoint: async (input) => (await graphql<{ appoint: { id: string } | null }>(q.APPOINT, input)).appoint !== null,
    async endAppointment(id, on) {
      const { endAppointment } = await graphql<{ endAppointment: { to: string | null } | null }>(q.END_APPOINTMENT, {
        id,
        on,
      });
      return endAppointment === null || endAppointment.to === on;
    },
    appointmentsOn: async (on) =>
      (await graphql<{ appointments: Appointment[] }>(q.APPOINTMENTS_ON, { on })).appointments,
    createPerson: async (input) =>
      (await graphql<{ createPerson: { id: string } }>(q.CREATE_PERSON, { input })).createPerson,
    async updatePerson(input) {
      const { updatePerson } = await graphql<{ updatePerson: { waiting: { id: string }[] } }>(q.UPDATE_PERSON, {
        input,
      });
      return updatePerson.waiting.length === 0;
    },
    personFile: async (id) => (await graphql<{ personFile: PersonFileItem | null }>(q.PERSON_FILE, { id })).personFile,
    async relate(person, kind, other) {
      await graphql(q.RELATE, { person, kind, other });
    },
    peopleWithoutSignIn: async () =>
      (await graphql<{ peopleWithoutSignIn: PersonRef[] }>(q.WITHOUT_SIGN_IN)).peopleWithoutSignIn,
    makeSignInLinks: async (people) =>
      (await graphql<{ makeSignInLinks: SignInLink[] }>(q.MAKE_SIGN_IN_LINKS, { people })).makeSignInLinks,
    importPeople: async (input) =>
      (await graphql<{ importPeopleSheet: PeopleImportItem }>(q.IMPORT_PEOPLE, { input })).importPeopleSheet,
    calendar: async () => (await graphql<{ calendar: SchoolCalendar }>(q.CALENDAR)).calendar,
    setCalendar: async (input) => (await graphql<{ setCalendar: Moved }>(q.SET_CALENDAR, { input })).setCalendar,
    gettingReady: async () => (await graphql<{ gettingReady: GettingReady }>(q.GETTING_READY)).gettingReady,
    async sayReady(step, done) {
      await graphql(q.SAY_READY, { step, done });
    },
    async setGoLive(on) {
      await graphql(q.SET_GO_LIVE, { on });
    },
    releaseCopy: async (send) => void (await graphql(q.RELEASE_COPY, { send })),
    async openProblems(after) {
      const { openProblems: page } = await graphql<{ openProblems: Connection<ProblemItem> & ProblemTotals }>(
        q.OPEN_PROBLEMS,
        { after: after ?? null },
      );
      return { ...pageOf(page), count: page.totalCount, more: page.totalCountCapped };
    },
    async problemCount() {
      const { openProblems } = await graphql<{ openProblems: ProblemTotals }>(q.PROBLEM_COUNT);
      return { count: openProblems.totalCount, more: openProblems.totalCountCapped };
    },
    retryProblem: async (id) => (await graphql<{ retryProblem: boolean }>(q.RETRY_PROBLEM, { id })).retryProblem,
    skipProblem: async (id, reason) => void (await graphql(q.SKIP_PROBLEM, { id, reason })),
    definitionsToMend: async () =>
      (await graphql<{ definitionsToMend: DefinitionToMend[] }>(q.DEFINITIONS_TO_MEND)).definitionsToMend,
    clockJobs: async () => (await graphql<{ clockJobs: ClockJobItem[] }>(q.CLOCK_JOBS)).clockJobs,
    installationChecks: async () =>
      (await graphql<{ installationChecks: CheckItem[] }>(q.INSTALLATION_CHECKS)).installationChecks,
    packClashes: async () => (await graphql<{ packClashes: PackClashItem[] }>(q.PACK_CLASHES)).packClashes,
    settlePackClash: async (id, take) =>
      (await graphql<{ settlePackClash: boolean }>(q.SETTLE_PACK_CLASH, { id, take })).settlePackClash,
    powerRequests: async (about) =>
      (
        await graphql<{ powerRequests: PowerRequestItem[] }>(q.POWER_REQUESTS, {
          about: about ?? null,
          waiting: about !== undefined,
        })
      ).powerRequests,
    powerNews: async () => (await graphql<{ powerNews: PowerRequestItem[] }>(q.POWER_NEWS)).powerNews,
    confirmPower: async (ids) =>
      (await graphql<{ confirmPower: PowerDecisionItem[] }>(q.CONFIRM_POWER, { ids })).confirmPower,
    stopPower: async (ids, why) =>
      (await graphql<{ stopPower: PowerDecisionItem[] }>(q.STOP_POWER, { ids, why })).stopPower,
    seePower: async (ids) => void (await graphql(q.SEE_POWER, { ids })),
    powerDelay: async () => (await graphql<{ powerDelay: number }>(q.POWER_DELAY)).powerDelay,
    setPowerDelay: async (hours) =>
      (await graphql<{ setPowerDelay: number }>(q.SET_POWER_DELAY, { hours })).setPowerDelay,
    securityLog: async (filter, after) =>
      (
        await graphql<{ securityLog: Awaited<ReturnType<DulyProvider["securityLog"]>> }>(q.SECURITY_LOG, {
          ...filter,
          after,
        })
      ).securityLog,
    securityKinds: async () =>
      (await graphql<{ securityKinds: { kind: string; label: string }[] }>(q.SECURITY_KINDS)).securityKinds,
    changePassword: async (old, password) => void (await graphql(q.CHANGE_PASSWORD, { old, password })),
    modelTexts: async () => (await graphql<{ modelTexts: ModelTextItem[] }>(q.MODEL_TEXTS)).modelTexts,
    takeModelText: async (name) =>
      (await graphql<{ takeModelText: { type: string; id: string; title: string } }>(q.TAKE_MODEL_TEXT, { name }))
        .takeModelText,
    importPolicies: async (file, dryRun) =>
      (await graphql<{ importPolicies: ImportedTexts }>(q.IMPORT_POLICIES, { file, dryRun })).importPolicies,

    due: async (asked) => (await graphql<{ due: DueList }>(q.DUE, { ...asked, type: asked.type ?? null })).due,
    previewUpdate: async (type, id, expectedVersion, input) =>
      (await graphql<{ previewUpdate: ClockChange[] }>(q.PREVIEW_UPDATE, { type, id, expectedVersion, input }))
        .previewUpdate,
    schoolDays: async () => (await graphql<{ calendar: SchoolDays }>(q.SCHOOL_DAYS)).calendar,
    calendarFeed: async () => (await graphql<{ calendarFeed: CalendarFeed | null }>(q.CALENDAR_FEED)).calendarFeed,
    makeCalendarFeed: async (everything) =>
      (await graphql<{ makeCalendarFeed: { url: string } }>(q.MAKE_CALENDAR_FEED, { everything })).makeCalendarFeed.url,
    async withdrawCalendarFeed() {
      await graphql(q.WITHDRAW_CALENDAR_FEED);
    },
    charts: async (type) => (await graphql<{ charts: ChartItem[] }>(q.CHARTS, { type: type ?? null })).charts,
    standings: async () => (await graphql<{ standings: StandingItem[] }>(q.STANDINGS)).standings,
    reports: async () => (await graphql<{ reports: ReportInfo[] }>(q.REPORTS)).reports,
    report: async (input) => (await graphql<{ report: ReportContent }>(q.REPORT, { input })).report,
    makeReport,
    reportsMade: async () => (await graphql<{ reportsMade: MadeReport[] }>(q.REPORTS_MADE)).reportsMade,
    obligations: () => graphql(q.OBLIGATIONS),
    settings: async (type) => (await graphql<{ settings: SettingItem[] }>(q.SETTINGS, { type })).settings,
    async setSetting(type, name, value) {
      const { setSetting: answer } = await graphql<{ setSetting: Moved & { waits: { id: string } | null } }>(
        q.SET_SETTING,
        { type, name, value },
      );
      return { ...answer, waits: answer.waits !== null };
    },
    sharedDevices: async () => (await graphql<{ sharedDevices: DeviceItem[] }>(q.SHARED_DEVICES)).sharedDevices,
    async startSharedDevice(label) {
      await graphql(q.START_DEVICE, { label });
    },
    async revokeSharedDevice(id) {
      await graphql(q.REVOKE_DEVICE, { id });
    },
    myPin: async () => (await graphql<{ myPin: PinState }>(q.MY_PIN)).myPin,
    async setPin(pin) {
      await graphql(q.SET_PIN, { pin });
    },
    async clearPin() {
      await graphql(q.CLEAR_PIN);
    },
    myMail: () => graphql(q.MY_MAIL),
    async setMyMail(input) {
      await graphql(q.SET_MY_MAIL, { input });
    },
    async setMailRules(input) {
      await graphql(q.SET_MAIL_RULES, { input });
    },
    letterhead: async () => (await graphql<{ letterhead: Letterhead }>(q.READ_LETTERHEAD)).letterhead,
    async setLetterhead(input) {
      await graphql(q.SET_LETTERHEAD, { input });
    },
    async answerFinding(id, answer) {
      await graphql(q.ANSWER_FINDING, { id, answer });
    },
    clock: async () => (await graphql<{ clock: Awaited<ReturnType<DulyProvider["clock"]>> }>(q.CLOCK)).clock,
    advanceClock: async (to) =>
      (await graphql<{ advanceClock: Awaited<ReturnType<DulyProvider["clock"]>> }>(q.ADVANCE_CLOCK, { to }))
        .advanceClock,
    async signOut() {
      await graphql(q.SIGN_OUT);
    },
  };

  // react-admin's own verbs, for whatever of it asks: references, record titles. Records are never deleted here.
  const refused = () => Promise.reject(new RequestFailure("FORBIDDEN", t`Records are archived, not deleted.`));
  const many = async (name: string, ids: Identifier[]) => {
    const type = typeNamed(name);
    const { page } = await graphql<{ page: { nodes: Raw[] } }>(q.manyQuery(type), { ids });
    return page.nodes.map((raw) => itemOf(type, raw));
  };
  const standard = {
    async getList(name, { pagination, sort, filter, meta }) {
      const { nodes, next } = await listRecords(name, {
        ...(sort && { sort: sort.order === "DESC" ? `-${sort.field}` : sort.field }),
        first: pagination?.perPage ?? 25,
        ...(meta?.after && { after: String(meta.after) }),
        ...(filter?.q && { search: String(filter.q) }),
        ...(filter?.where && { where: filter.where as NonNullable<RecordQuery["where"]> }),
      });
      return { data: nodes, pageInfo: { hasNextPage: next !== null }, meta: { next } };
    },
    getOne: async (name, { id }) => ({ data: await ours.readRecord(name, String(id)) }),
    getMany: async (name, { ids }) => ({ data: await many(name, ids) }),
    async getManyReference(name, { target, id, pagination }) {
      const where = { eq: [{ field: target }, String(id)] } as NonNullable<RecordQuery["where"]>;
      const { nodes, next } = await listRecords(name, { where, first: pagination.perPage });
      return { data: nodes, pageInfo: { hasNextPage: next !== null } };
    },
    create: async (name, { data }) => ({ data: await ours.createRecord(name, data as Record<string, unknown>) }),
    async update(name, { id, data, previousData }) {
      await ours.updateRecord(name, String(id), Number(previousData["version"]), data as Record<string, unknown>);
      return { data: await ours.readRecord(name, String(id)) };
    },
    updateMany: refused,
    delete: refused,
    deleteMany: refused,
  } as DataProvider;

  return { ...standard, ...ours } as DulyProvider;
}
