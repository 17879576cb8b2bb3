/** The screens' questions answered from memory: for component tests, and for looking at a screen without a server. */
import { evaluate, ownFigures } from "../../schema/condition";
import type { RecordType, TourStep } from "../../schema/definition";
import { RequestFailure } from "../graphql";
import type {
  Chain,
  ChartItem,
  DocumentText,
  DueItem,
  DulyProvider,
  HistoryItem,
  Me,
  PersonRef,
  RecordDetail,
  RecordItem,
  SavedView,
  SchoolDays,
  Session,
  Sources,
  StandingItem,
  TaskItem,
  TimerItem,
  Verbs,
} from "../provider";
import { asRecordData } from "../record/values";
import { scopeIn } from "../session";

export interface World {
  session: Session;
  records: RecordDetail[];
  tasks?: TaskItem[];
  waiting?: TaskItem[];
  people?: PersonRef[];
  texts?: DocumentText[];
  /** Entries of histories, in full. */
  entries?: HistoryItem[];
  chain?: Chain;
  charts?: ChartItem[];
  due?: DueItem[];
  schoolDays?: SchoolDays;
  standings?: StandingItem[];
  sources?: Sources;
  tour?: TourStep[];
  savedViews?: SavedView[];
}

export const me = (part: Partial<Me> = {}): Me => ({
  person: { id: "p1", name: "Ada Shah" },
  organisation: { id: "o1", name: "Elm Road Primary" },
  organisations: [{ id: "o1", name: "Elm Road Primary" }],
  roles: ["clerk"],
  administers: true,
  confirms: true,
  demo: false,
  held: null,
  now: "2027-03-01T09:00:00.000Z",
  today: "2027-03-01",
  types: [],
  ...part,
});

export const sessionOf = (types: RecordType[], part: Partial<Me> = {}): Session => ({
  me: me({ types: types.map(({ name }) => ({ name, see: true, create: true, edit: true })), ...part }),
  types,
  roles: [
    { name: "clerk", label: "Clerk to the governors" },
    { name: "chair", label: "Chair of governors" },
  ],
  zone: "Europe/London",
  calendar: { zone: "Europe/London", terms: [], closures: [] },
  figures: Object.fromEntries(types.map((type) => [type.name, ownFigures(type)])),
  edition: types.map(({ name }) => `${name}:1`).join(),
});

export const recordOf = (type: RecordType, part: Partial<RecordDetail>): RecordDetail => ({
  id: "r1",
  type: type.name,
  reference: "REF-2027-0001",
  recordTitle: "A record",
  version: 1,
  state: type.entries.new,
  createdAt: "2027-02-01T09:00:00.000Z",
  updatedAt: "2027-02-01T09:00:00.000Z",
  createdBy: null,
  values: {},
  inForce: {},
  versions: {},
  tasks: [],
  timers: [],
  history: [],
  notices: [],
  findings: [],
  warnings: [],
  permissions: { edit: true, fields: Object.keys(type.fields), opens: [] },
  availableActions: [],
  ...part,
});

export const historyOf = (part: Partial<HistoryItem>): HistoryItem => ({
  id: `h${part.seq ?? 1}`,
  seq: 1,
  at: "2027-02-01T09:00:00.000Z",
  kind: "updated",
  rule: "update",
  because: [],
  summary: "Changed",
  detail: null,
  isShortened: false,
  actor: { kind: "person", name: "Ada Shah" },
  ...part,
});

export const taskOf = (part: Partial<TaskItem>): TaskItem => ({
  id: "t1",
  type: "",
  record: "r1",
  recordTitle: "A record",
  reference: "REF-2027-0001",
  label: "Do something",
  state: "open",
  openedAt: "2027-02-01T09:00:00.000Z",
  dueOn: null,
  dueInWords: null,
  overdue: false,
  holders: [],
  unassigned: false,
  actions: [],
  because: [],
  passed: [],
  ...part,
});

function sorted(records: RecordItem[], sort: string): RecordItem[] {
  const name = sort.replace(/^-/, "");
  const keyOf = (record: RecordItem) => String((record.values[name] ?? record[name as "recordTitle"]) || "");
  const up = [...records].sort((a, b) => keyOf(a).localeCompare(keyOf(b), "en", { numeric: true }));
  return sort.startsWith("-") ? up.reverse() : up;
}

export function memoryProvider(world: World, answers: Partial<Verbs> = {}): DulyProvider {
  const { session } = world;
  const typeNamed = (name: string) => session.types.find((type) => type.name === name || type.plural === name);
  const found = (name: string, id: string): RecordDetail => {
    const record = world.records.find((each) => each.type === typeNamed(name)?.name && each.id === id);
    if (!record) throw new RequestFailure("NOT_FOUND", "This record does not exist, or you may not see it.");
    return record;
  };
  const of = (name: string, { where, search }: Parameters<Verbs["listRecords"]>[1]): RecordItem[] => {
    const type = typeNamed(name);
    return world.records.filter(
      (record) =>
        record.type === type?.name &&
        (!search || record.recordTitle.toLowerCase().includes(search.toLowerCase())) &&
        (!where || evaluate(where, { ...scopeIn(session, type), record: asRecordData(type, record) })),
    );
  };
  const timers = (): TimerItem[] =>
    world.records.flatMap((record) => record.timers).filter(({ state }) => state === "waiting");
  const people = world.people ?? [session.me.person];
  const nothing = () => Promise.resolve();
  const preferences = new Map<string, unknown>();
  let savedViews = world.savedViews ?? [];
  const ours: Verbs = {
    session: () => Promise.resolve(session),
    async listRecords(name, query) {
      const { first = 25, after } = query;
      const start = Number(after ?? 0);
      const all = sorted(of(name, query), query.sort ?? "recordTitle");
      return {
        nodes: all.slice(start, start + first),
        next: start + first < all.length ? String(start + first) : null,
      };
    },
    countRecords: async (name, query) => of(name, query).length,
    listSetup: async (_type, name) => ({ savedViews, preference: preferences.get(name) ?? null }),
    async saveView({ id = `view${savedViews.length + 1}`, view, shared }) {
      const saved = { id, view, shared, mayChange: true };
      savedViews = [...savedViews.filter((each) => each.id !== id), saved];
      return saved;
    },
    async deleteView(id) {
      savedViews = savedViews.filter((each) => each.id !== id);
    },
    tour: async (name) => (preferences.get(name) ? [] : (world.tour ?? [])),
    preference: async (name) => preferences.get(name) ?? null,
    async setPreference(name, value) {
      preferences.set(name, value);
    },
    sheet: async () => ({ name: null, sheets: [], headers: [], samples: [], rows: 0 }),
    sheetRows: async () => [],
    sheetWords: async () => [],
    importSheet: async () => [],
    discardFile: async () => undefined,
    missingFromRoll: async () => ({ records: [], among: 0, more: false }),
    async search(text, first) {
      return session.types.flatMap((type) => {
        const hits = of(type.name, { search: text });
        return hits.length > 0 ? [{ type: type.name, hits: hits.slice(0, first), more: hits.length > first }] : [];
      });
    },
    readRecord: async (name, id) => structuredClone(found(name, id)),
    async readText(id) {
      const text = world.texts?.find((each) => each.id === id);
      if (!text) throw new RequestFailure("NOT_FOUND", "This text does not exist, or you may not see it.");
      return text;
    },
    sources: async () => world.sources ?? { obligations: [], sections: [] },
    chain: async () => world.chain ?? { nodes: [], edges: [], more: false },
    moreHistory: async () => [],
    wholeEntry: async (_name, _id, seq) => world.entries?.find((entry) => entry.seq === seq),
    views: async () => ({ nodes: [], next: null }),
    openSealed: async () => ({ value: "", told: [] }),
    guestAccess: async () => null,
    makeGuestLink: async () => ({ url: null, mailedTo: null }),
    revokeGuestLink: async () => undefined,
    previewUpdate: async () => [],
    createRecord: async () => ({ id: "r1", reference: "KIT-2026-001" }),
    updateRecord: nothing,
    act: nothing,
    upload: async ({ name, type: mediaType, size }) => ({ id: "0".repeat(26), name, mediaType, size }),
    myTasks: async () => ({ nodes: world.tasks ?? [], next: null }),
    myWaiting: async () => ({ nodes: world.waiting ?? [], next: null }),
    completeTask: nothing,
    handOverTask: nothing,
    takeBackTask: nothing,
    commentTask: nothing,
    myRequests: async () => [],
    urgentWaiting: async () => null,
    myAbsences: async () => [],
    setAbsence: nothing,
    endAbsence: nothing,
    upcoming: async ({ first = 50 }) => ({
      nodes: timers()
        .sort((a, b) => a.dueAt.localeCompare(b.dueAt))
        .slice(0, first),
      next: null,
    }),
    people: async (search) => ({
      nodes: people.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase())),
      next: null,
    }),
    person: async (id) => people.find((each) => each.id === id) ?? null,
    appointments: async () => [],
    appoint: async () => true,
    endAppointment: async () => true,
    due: async ({ from, to, dates, clocks, mine, type, perDay = 20 }) => {
      const kinds = ["task", ...(dates ? ["date"] : []), ...(clocks ? ["clock"] : [])];
      const found = (world.due ?? []).filter(
        (one) =>
          one.on >= from &&
          one.on <= to &&
          kinds.includes(one.kind) &&
          (!mine || one.mine) &&
          [one.type, undefined].includes(type),
      );
      const within = (one: DueItem) => found.filter(({ on }) => on === one.on).indexOf(one) < perDay;
      const fullDays = [...new Set(found.filter((one) => !within(one)).map(({ on }) => on))];
      return { entries: found.filter(within), fullDays, more: false };
    },
    schoolDays: async () => world.schoolDays ?? { terms: [], closures: [] },
    calendarFeed: async () => null,
    makeCalendarFeed: async () => "https://duly.test/calendars/secret.ics",
    withdrawCalendarFeed: nothing,
    charts: async (type) => (world.charts ?? []).filter((chart) => !type || chart.type === type),
    standings: async () => world.standings ?? [],
    reports: async () => [],
    report: async () => ({ title: "", about: "", head: [], sections: [] }),
    makeReport: async () => ({ name: "report.pdf", file: new Blob() }),
    reportsMade: async () => [],
    appointmentsOn: async () => [],
    createPerson: async () => ({ id: "new" }),
    updatePerson: async () => true,
    personFile: async () => null,
    relate: nothing,
    peopleWithoutSignIn: async () => [],
    makeSignInLinks: async () => [],
    importPeople: async () => ({ digest: "", done: false, waiting: 0, lines: [], leavers: [] }),
    calendar: async () => ({ terms: [], closures: [], warnings: [] }),
    setCalendar: async () => ({ moved: 0, done: true }),
    gettingReady: async () => ({
      ...{ goLiveOn: null, termsUntil: null, terms: 0, closures: 0, people: 1, withoutSignIn: 0 },
      ...{ unheld: [], texts: 0, findings: 0, saidDone: [] },
    }),
    sayReady: nothing,
    setGoLive: nothing,
    releaseCopy: async () => {},
    openProblems: async () => ({ nodes: [], next: null, count: 0, more: false }),
    problemCount: async () => ({ count: 0, more: false }),
    retryProblem: async () => true,
    skipProblem: nothing,
    definitionsToMend: async () => [],
    clockJobs: async () => [],
    installationChecks: async () => [],
    packClashes: async () => [],
    settlePackClash: async () => true,
    powerRequests: async () => [],
    powerNews: async () => [],
    confirmPower: async () => [],
    stopPower: async () => [],
    seePower: nothing,
    powerDelay: async () => 24,
    setPowerDelay: async (hours) => hours,
    securityLog: async () => ({ nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }),
    securityKinds: async () => [],
    changePassword: nothing,
    modelTexts: async () => [],
    takeModelText: async () => ({ type: "", id: "", title: "" }),
    importPolicies: async () => ({ created: [], refused: [] }),
    obligations: async () => ({ obligations: [], sections: [] }),
    settings: async (name) =>
      Object.entries(typeNamed(name)?.settings ?? {}).map(([setting, { value }]) => ({
        type: name,
        name: setting,
        value,
      })),
    setSetting: async () => ({ moved: 0, done: true, waits: false }),
    myMail: async () => ({
      own: { pace: null, from: null, to: null, optional: true },
      rules: { pace: "digest", from: "07:30", to: "18:00", digestAt: "08:00", days: "working" },
    }),
    sharedDevices: async () => [],
    startSharedDevice: nothing,
    revokeSharedDevice: nothing,
    myPin: async () => ({ setAt: null, locked: false }),
    setPin: nothing,
    clearPin: nothing,
    setMyMail: nothing,
    setMailRules: nothing,
    letterhead: async () => ({ name: session.me.organisation.name, colour: null, crest: null }),
    setLetterhead: nothing,
    answerFinding: nothing,
    clock: async () => ({ now: session.me.now, advancingTo: null, fired: 0 }),
    advanceClock: async (to) => ({ now: to, advancingTo: null, fired: 0 }),
    signOut: nothing,
    ...answers,
  };
  const unasked = () => Promise.reject(new Error("No screen under test asks react-admin for this."));
  return {
    getList: unasked,
    getOne: unasked,
    getMany: (name: string, { ids }: { ids: unknown[] }) =>
      Promise.resolve({ data: ids.map((id) => found(name, String(id))) as never[] }),
    getManyReference: unasked,
    create: unasked,
    update: unasked,
    updateMany: unasked,
    delete: unasked,
    deleteMany: unasked,
    ...ours,
  };
}
