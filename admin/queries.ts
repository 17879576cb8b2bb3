/** Query text: the fixed nouns, and what is made for a record type from its definition. */
import type { Field, RecordType } from "../schema/definition";
import { pascal, snake } from "../schema/text";
import { LETTERHEAD, PAGE_INFO, TASK } from "./firstQueries";
import { selectionOf, VERSION } from "./record/values";

const TIMER = `id type record recordTitle rule label stepInWords dueAt state provisional holds firedAt outcome because
  recipients { id name }`;
const NOTICE = `id type record recordTitle subject text createdAt sendAt outcome outcomeWhy urgent because
  person { id name } mail { id messageId state answer sentAt attempts }`;
const HISTORY = `id seq at kind rule because summary detail isShortened actor { kind name }`;
const FINDING = `id code message path state answer answeredBy { id name } answeredAt`;

export const MY_WAITING = `query MyWaiting { myWaiting(first: 50) { nodes { ${TASK} } ${PAGE_INFO} } }`;
export const COMPLETE_TASK = `mutation CompleteTask($input: CompleteTaskInput!) { completeTask(input: $input) { id } }`;
export const HAND_OVER_TASK = `mutation HandOverTask($input: HandOverTaskInput!) { handOverTask(input: $input) { id } }`;
export const TAKE_BACK_TASK = `mutation TakeBackTask($id: ID!) { takeBackTask(id: $id) { id } }`;
export const COMMENT_TASK = `mutation CommentTask($id: ID!, $comment: String!) { commentTask(id: $id, comment: $comment) { id } }`;
export const MY_REQUESTS = `query MyRequests { myRequests(first: 50) { type id reference recordTitle state } }`;
export const URGENT_WAITING = `query UrgentWaiting { urgentWaitingSince }`;
export const MY_ABSENCES = `query MyAbsences { myAbsences { id from to begun standIn { id name } } }`;
export const SET_ABSENCE = `mutation SetAbsence($input: AbsenceInput!) { setAbsence(input: $input) }`;
export const END_ABSENCE = `mutation EndAbsence($id: ID!) { endAbsence(id: $id) }`;
export const UPCOMING = `query Upcoming($from: DateTime, $to: DateTime, $first: Int, $after: String) {
  timers(state: waiting, from: $from, to: $to, first: $first, after: $after) { nodes { ${TIMER} } ${PAGE_INFO} } }`;
export const PEOPLE = `query People($search: String, $after: String) {
  people(search: $search, first: 25, after: $after) { nodes { id name email } ${PAGE_INFO} } }`;
export const PERSON = `query Person($id: ID!) { person(id: $id) { id name email } }`;
export const APPOINTMENTS = `query Appointments($person: ID) {
  appointments(person: $person) { id person { id name } role { name label } organisation { id name } from to
    madeBy { id name } endedBy { id name } } }`;
export const APPOINT = `mutation Appoint($person: ID!, $role: String!, $from: Date!, $to: Date) {
  appoint(person: $person, role: $role, from: $from, to: $to) { id } }`;
export const APPOINTMENTS_ON = `query AppointmentsOn($on: Date!) {
  appointments(on: $on) { id person { id name } role { name label } organisation { id name } from to } }`;
export const CREATE_PERSON = `mutation CreatePerson($input: CreatePersonInput!) { createPerson(input: $input) { id } }`;
export const UPDATE_PERSON = `mutation UpdatePerson($input: UpdatePersonInput!) { updatePerson(input: $input) { id waiting { id } } }`;
export const PERSON_FILE = `query PersonFile($id: ID!) { personFile(id: $id) { person { id name email } active externalId
  signsIn linkUntil relations { kind label other { id name email } } } }`;
export const RELATE = `mutation Relate($person: ID!, $kind: String!, $other: ID) {
  relate(person: $person, kind: $kind, other: $other) { id } }`;
export const WITHOUT_SIGN_IN = `query WithoutSignIn { peopleWithoutSignIn { id name email } }`;
export const MAKE_SIGN_IN_LINKS = `mutation MakeSignInLinks($people: [ID!]!) {
  makeSignInLinks(people: $people) { person { id name email } url mailedTo problem } }`;
export const IMPORT_PEOPLE = `mutation ImportPeople($input: ImportPeopleSheetInput!) { importPeopleSheet(input: $input) { digest done waiting
  lines { line verdict id name changes problems { path message } notes } leavers { id name changes } } }`;
const SCHOOL_CALENDAR = `terms { name from to } closures { name kind from to } warnings`;
export const CALENDAR = `query Calendar { calendar { ${SCHOOL_CALENDAR} } }`;
export const SET_CALENDAR = `mutation SetCalendar($input: CalendarInput!) { setCalendar(input: $input) { moved done } }`;
export const GETTING_READY = `query GettingReady { gettingReady { goLiveOn termsUntil terms closures people withoutSignIn
  unheld { name label } texts findings saidDone } }`;
export const SAY_READY = `mutation SayReady($step: String!, $done: Boolean!) { sayReady(step: $step, done: $done) { goLiveOn } }`;
export const SET_GO_LIVE = `mutation SetGoLive($on: Date!) { setGoLive(on: $on) { goLiveOn } }`;
export const RELEASE_COPY = `mutation ReleaseCopy($send: Boolean!) { releaseCopy(send: $send) }`;
export const OPEN_PROBLEMS = `query OpenProblems($after: String) { openProblems(first: 25, after: $after) {
  totalCount totalCountCapped nodes { id says cause retry skip happenedAt times ofRecord
    record { type id recordTitle } subject person { id name } } ${PAGE_INFO} } }`;
export const PROBLEM_COUNT = `query ProblemCount { openProblems(first: 1) { totalCount totalCountCapped } }`;
export const RETRY_PROBLEM = `mutation RetryProblem($id: ID!) { retryProblem(id: $id) }`;
export const SKIP_PROBLEM = `mutation SkipProblem($id: ID!, $reason: String!) { skipProblem(id: $id, reason: $reason) }`;
export const DEFINITIONS_TO_MEND = `query DefinitionsToMend { definitionsToMend { type label problems { path message } } }`;
export const CLOCK_JOBS = `query ClockJobs { clockJobs { id reason by since visited total moved failed doneAt cause } }`;
export const INSTALLATION_CHECKS = `query InstallationChecks { installationChecks { name ok says remedy } }`;
export const PACK_CLASHES = `query PackClashes { packClashes { id type path base ours theirs reason } }`;
export const SETTLE_PACK_CLASH = `mutation SettlePackClash($id: ID!, $take: ClashSide!) { settlePackClash(id: $id, take: $take) }`;
export const MODEL_TEXTS = `query ModelTexts { modelTexts { name title sections { heading audience text } } }`;
export const TAKE_MODEL_TEXT = `mutation TakeModelText($name: String!) { takeModelText(name: $name) { type id title } }`;
export const IMPORT_POLICIES = `mutation ImportPolicies($file: ID!, $dryRun: Boolean!) {
  importPolicies(file: $file, dryRun: $dryRun) {
    created { type id title findings { message } } refused { title problems { message } } } }`;
export const END_APPOINTMENT = `mutation EndAppointment($id: ID!, $on: Date!) { endAppointment(id: $id, on: $on) { id to } }`;
const POWER_REQUEST = `id batch sentence askedAt effectiveAt state decidedAt why mayConfirm mayStop
  person { id name } askedBy { id name } decidedBy { id name }`;
export const POWER_REQUESTS = `query PowerRequests($about: ID, $waiting: Boolean!) {
  powerRequests(about: $about, waiting: $waiting) { ${POWER_REQUEST} } }`;
export const POWER_NEWS = `query PowerNews { powerNews { id sentence state } }`;
export const CONFIRM_POWER = `mutation ConfirmPower($ids: [ID!]!) { confirmPower(ids: $ids) { id state why } }`;
export const STOP_POWER = `mutation StopPower($ids: [ID!]!, $why: String) { stopPower(ids: $ids, why: $why) { id state why } }`;
export const SEE_POWER = `mutation SeePower($ids: [ID!]!) { seePower(ids: $ids) }`;
export const POWER_DELAY = `query PowerDelay { powerDelay }`;
export const SET_POWER_DELAY = `mutation SetPowerDelay($hours: Int!) { setPowerDelay(hours: $hours) }`;
export const SECURITY_LOG = `query SecurityLog($after: String, $kind: String, $person: ID, $from: DateTime, $to: DateTime) {
  securityLog(first: 50, after: $after, kind: $kind, person: $person, from: $from, to: $to) {
    nodes { id at kind label actorKind detail address actor { id name } about { id name } }
    pageInfo { hasNextPage endCursor } } }`;
export const SECURITY_KINDS = `query SecurityKinds { securityKinds { kind label } }`;
export const CHANGE_PASSWORD = `mutation ChangePassword($old: String!, $password: String!) {
  changePassword(old: $old, password: $password) }`;
export const OBLIGATIONS = `query Obligations {
  obligations { number letters sections text byAgreement satisfied missing { letter wants } elements { letter kind type label } }
  sections: sourceSections { code label } }`;
export const SETTINGS = `query Settings($type: String) { settings(type: $type) { type name value } }`;
export const SET_SETTING = `mutation SetSetting($type: String!, $name: String!, $value: JSON!) {
  setSetting(type: $type, name: $name, value: $value) { moved done waits { id } } }`;
export const SHARED_DEVICES = `query SharedDevices { sharedDevices { id label startedAt startedBy { id name }
  revokedAt revokedBy { id name } uses(first: 50) { id at what person { id name } } } }`;
export const START_DEVICE = `mutation StartDevice($label: String!) { startSharedDevice(label: $label) { id } }`;
export const REVOKE_DEVICE = `mutation RevokeDevice($id: ID!) { revokeSharedDevice(id: $id) { id } }`;
export const MY_PIN = `query MyPin { myPin { setAt locked } }`;
export const SET_PIN = `mutation SetPin($pin: String!) { setPin(pin: $pin) { locked } }`;
export const CLEAR_PIN = `mutation ClearPin { clearPin { locked } }`;
export const MY_MAIL = `query MyMail {
  own: myMail { pace from to optional } rules: mailRules { pace from to digestAt days } }`;
export const SET_MY_MAIL = `mutation SetMyMail($input: OwnMailInput!) { setMyMail(input: $input) { pace } }`;
export const READ_LETTERHEAD = `query Letterhead { ${LETTERHEAD} }`;
export const SET_LETTERHEAD = `mutation SetLetterhead($input: LetterheadInput!) { setLetterhead(input: $input) { name } }`;
export const SET_MAIL_RULES = `mutation SetMailRules($input: MailRulesInput!) { setMailRules(input: $input) { pace } }`;
export const ANSWER_FINDING = `mutation AnswerFinding($id: ID!, $answer: String!) { answerFinding(id: $id, answer: $answer) { id } }`;
const SAVED_VIEW = `id view shared mayChange`;
export const LIST_SETUP = `query ListSetup($type: String!, $name: String!) {
  savedViews(type: $type) { ${SAVED_VIEW} } preference(name: $name) }`;
export const SAVE_VIEW = `mutation SaveView($input: SaveViewInput!) { saveView(input: $input) { ${SAVED_VIEW} } }`;
export const DELETE_VIEW = `mutation DeleteView($id: ID!) { deleteView(id: $id) }`;
export const PREFERENCE = `query Preference($name: String!) { preference(name: $name) }`;
export const TOUR = `query Tour($name: String!) { me { tour { title text page } } preference(name: $name) }`;
export const SET_PREFERENCE = `mutation SetPreference($name: String!, $value: JSON) { setPreference(name: $name, value: $value) }`;
export const SHEET = `query Sheet($input: SheetInput!) { sheet(input: $input) { name sheets headers samples rows } }`;
export const SHEET_ROWS = `query SheetRows($input: SheetInput!, $offset: Int!) {
  sheetRows(input: $input, offset: $offset, first: 1000) { line cells } }`;
export const SHEET_WORDS = `query SheetWords($input: SheetInput!, $column: Int!) {
  sheetWords(input: $input, column: $column) { word rows } }`;
export const IMPORT_SHEET = `mutation ImportSheet($input: ImportSheetInput!) {
  importSheet(input: $input) { line named verdict id repeats changes { name label before after } problems { path message } } }`;
export const DISCARD_FILE = `mutation DiscardFile($file: ID!) { discardFile(file: $file) }`;
export const MISSING_FROM_ROLL = `query MissingFromRoll($input: MissingFromRollInput!) {
  missingFromRoll(input: $input) { among more
    records { id version reference recordTitle state open { type id reference title state label } } } }`;
export const SEARCH = `query Search($text: String!, $first: Int!) {
  search(text: $text, first: $first) { type hits { id reference recordTitle state } more } }`;
export const DUE = `query Due($from: Date!, $to: Date!, $dates: Boolean!, $clocks: Boolean!, $mine: Boolean!, $type: String, $perDay: Int) {
  due(from: $from, to: $to, dates: $dates, clocks: $clocks, mine: $mine, type: $type, perDay: $perDay) {
    entries { id kind type record recordTitle label on at mine provisional field } fullDays more } }`;
export const PREVIEW_UPDATE = `query PreviewUpdate($type: String!, $id: ID!, $expectedVersion: Int!, $input: JSON!) {
  previewUpdate(type: $type, id: $id, expectedVersion: $expectedVersion, input: $input) { label stepInWords from to } }`;
export const SCHOOL_DAYS = `query SchoolDays { calendar { terms { name from to } closures { name from to } } }`;
export const CALENDAR_FEED = `query CalendarFeed { calendarFeed { everything createdAt readAt } }`;
export const MAKE_CALENDAR_FEED = `mutation MakeCalendarFeed($everything: Boolean!) { makeCalendarFeed(everything: $everything) { url } }`;
export const WITHDRAW_CALENDAR_FEED = `mutation WithdrawCalendarFeed { withdrawCalendarFeed }`;
const POINT = `value label count`;
export const CHARTS = `query Charts($type: String) {
  charts(type: $type) { type name label by over because points { ${POINT} } } }`;
export const STANDINGS = `query Standings { standings { type states { ${POINT} } overdue } }`;
export const REPORTS = `query Reports { reports { name title help recordType names } }`;
export const REPORT = `query Report($input: ReportInput!) { report(input: $input) { title about head { label value }
  sections { name label help columns rows total figures { columns rows } notes } } }`;
export const REPORTS_MADE = `query ReportsMade { reportsMade { id report at format names from to hash by { id name } } }`;
export const CLOCK = `query Clock { clock { now advancingTo fired } }`;
export const ADVANCE_CLOCK = `mutation AdvanceClock($to: DateTime!) { advanceClock(to: $to) { now advancingTo fired } }`;
export const SIGN_OUT = `mutation SignOut { signOut }`;

const LINE = `id reference recordTitle version state createdAt updatedAt createdBy { id name }`;

const fieldsOf = (type: RecordType, names: string[], brief: boolean): string =>
  names.flatMap((name) => (type.fields[name] ? [selectionOf(name, type.fields[name], brief)] : [])).join("\n  ");

export const listQuery = (type: RecordType, fields: string[]): string => `query List(
  $filter: ${pascal(type.name)}Filter, $sort: [${pascal(type.name)}Sort!], $first: Int, $after: String, $search: String) {
  page: ${type.plural}(filter: $filter, sort: $sort, first: $first, after: $after, search: $search) {
    nodes { ${LINE}
  ${fieldsOf(type, fields, true)} } ${PAGE_INFO} } }`;

export const countQuery = (
  type: RecordType,
): string => `query Count($filter: ${pascal(type.name)}Filter, $search: String) {
  page: ${type.plural}(filter: $filter, search: $search, first: 1) { totalCount totalCountCapped } }`;

export const manyQuery = (type: RecordType): string => `query Many($ids: [ID!]) {
  page: ${type.plural}(filter: { id: { in: $ids } }, first: 200) { nodes { ${LINE} } } }`;

const isDocument = ([, field]: [string, Field]): boolean => field.kind === "document";

/** The names of its document fields: each also has the version in force and all versions. */
export const documentFields = (type: RecordType): string[] =>
  Object.entries(type.fields)
    .filter(isDocument)
    .map(([name]) => name);

export const recordQuery = (
  type: RecordType,
): string => `query Record($id: ID!) { record: ${type.name}(id: $id) { ${LINE}
  ${fieldsOf(type, Object.keys(type.fields), false)}
  ${documentFields(type)
    .map((name) => `${name}InForce { ${VERSION} } ${name}Versions { ${VERSION} }`)
    .join("\n  ")}
  tasks { ${TASK} } timers { ${TIMER} } history(first: 50) { ${HISTORY} } notices { ${NOTICE} } findings { ${FINDING} }
  warnings { name message because } permissions { edit fields opens }
  availableActions { name label help allowed reason because form ratifies } } }`;

export const historyQuery = (type: RecordType): string => `query Earlier($id: ID!, $before: Int!) {
  record: ${type.name}(id: $id) { history(first: 50, before: $before) { ${HISTORY} } } }`;

export const entryQuery = (type: RecordType): string => `query Entry($id: ID!, $before: Int!) {
  record: ${type.name}(id: $id) { history(first: 1, before: $before, whole: true) { ${HISTORY} } } }`;

export const viewsQuery = (type: RecordType): string => `query Views($id: ID!, $after: String) {
  record: ${type.name}(id: $id) { views(after: $after) { nodes { person { id name } at opened } ${PAGE_INFO} } } }`;

export const TEXT = `query Text($id: ID!) { documentVersion(id: $id) { ${VERSION} text } }`;

export const OPEN_SEALED = `mutation OpenSealed($type: String!, $id: ID!, $field: String!, $reason: String!) {
  openSealed(type: $type, id: $id, field: $field, reason: $reason) { value told { id name } } }`;

export const GUEST_ACCESS = `query GuestAccess($type: String!, $id: ID!) { guestAccess(type: $type, record: $id) {
  may people { id name reachable }
  links { id person { id name } madeBy { id name } madeAt expiresAt usedAt revokedAt } } }`;
export const MAKE_GUEST_LINK = `mutation MakeGuestLink($input: GuestLinkInput!) {
  makeGuestLink(input: $input) { url mailedTo } }`;
export const REVOKE_GUEST_LINK = "mutation RevokeGuestLink($id: ID!) { revokeGuestLink(id: $id) }";

export const SOURCES = `query Sources { obligations { number text } sections: sourceSections { code label } }`;
export const CHAIN = `query Chain($type: String!, $id: ID!) { chain(type: $type, id: $id) {
  nodes { type id reference title state label } edges { from to field label } more } }`;

export const createMutation = (type: RecordType): string =>
  `mutation Create($input: Create${pascal(type.name)}Input!) { record: create${pascal(type.name)}(input: $input) { id reference } }`;

export const updateMutation = (type: RecordType): string =>
  `mutation Update($id: ID!, $expectedVersion: Int!, $input: Update${pascal(type.name)}Input!, $reason: String) {
  record: update${pascal(type.name)}(id: $id, expectedVersion: $expectedVersion, input: $input, reason: $reason) { id } }`;

/** An action that asks for nothing has no input. */
export const actionMutation = (type: RecordType, action: string, asks: boolean): string =>
  `mutation Act($id: ID!, $expectedVersion: Int${asks ? `, $input: ${pascal(action)}${pascal(type.name)}Input!` : ""}, $comment: String) {
  record: ${action}${pascal(type.name)}(id: $id, expectedVersion: $expectedVersion${asks ? ", input: $input" : ""}, comment: $comment) { id } }`;

/** "reviewBy" to "REVIEW_BY_ASC", "-reviewBy" to "REVIEW_BY_DESC". */
export const sortName = (sort: string): string => {
  const [name, way] = sort.startsWith("-") ? [sort.slice(1), "DESC"] : [sort, "ASC"];
  return `${snake(name).toUpperCase()}_${way}`;
};
