/** What can fail in the background and then waits for a person. The table is the list of kinds. */

export interface FaultKind {
  label: string;
  /** A whole sentence about several: what the task for it is about. */
  says: string;
  /** The same of one. */
  one: string;
  /** What trying again does; null where nothing can be tried: Duly does so by itself, or the work is somebody's. */
  retry: string | null;
  /** What follows where it is left as it is. */
  skip: string;
}

export const faultKinds = {
  email: {
    label: "Email",
    says: "Some emails could not be sent.",
    one: "An email could not be sent.",
    retry: "The email is sent again within a minute.",
    skip: "The email is never sent. Tell the person some other way.",
  },
  notice: {
    label: "Notice",
    says: "Some people could not be told something by email.",
    one: "A person could not be told something by email.",
    retry: "The message goes with the person’s next email.",
    skip: "The message is never emailed. Tell the person some other way.",
  },
  timer: {
    label: "Reminder or deadline",
    says: "Some reminders or deadlines could not be carried out.",
    one: "A reminder or deadline could not be carried out.",
    retry: "It is carried out again within a minute.",
    skip: "This one never happens. Later ones of the same record still do.",
  },
  duty: {
    label: "Recurring duty",
    says: "Some recurring duties could not be started.",
    one: "A recurring duty could not be started.",
    retry: "It is started again within a minute.",
    skip: "It is not started this time. Start a record by hand if it is needed.",
  },
  roster: {
    label: "List of people",
    says: "Some lists of people could not be kept up to date.",
    one: "A list of people could not be kept up to date.",
    retry: "The list is brought up to date within a minute.",
    skip: "The list stays as it is until the people on it change again.",
  },
  member: {
    label: "Person on a list",
    says: "Some people of a list could not be asked.",
    one: "A person of a list could not be asked; the others were.",
    retry: "The person is asked within a minute. Put right what forbids it first.",
    skip: "The person is not asked now. It is tried again when the list is next brought up to date.",
  },
  rule: {
    label: "Rule",
    says: "Some records could not change by themselves, because a rule forbids it.",
    one: "A record could not change by itself, because a rule forbids it.",
    retry: "It is tried again at once. Put right what the rule asks for first: the history of the record says what.",
    skip: "Nothing changes now. It is tried again whenever somebody changes the record.",
  },
  absence: {
    label: "Absence",
    says: "Some absences could not begin or end.",
    one: "An absence could not begin or end.",
    retry: null,
    skip: "Duly goes on trying and lists it again if that fails. Hand the tasks over one by one.",
  },
  import: {
    label: "Import",
    says: "Part of an import could not be finished.",
    one: "Part of an import could not be finished.",
    retry: null,
    skip: "That part stays out. Import it again if it is needed.",
  },
  job: {
    label: "Background job",
    says: "A background job could not be finished.",
    one: "The dates of a record could not be worked out again.",
    retry: "The dates of the record are worked out at once.",
    skip: "The record keeps its old dates until somebody changes it.",
  },
  seal: {
    label: "Seal",
    says: "Part of the history could not be sealed.",
    one: "Part of the history could not be sealed.",
    retry: null,
    skip: "Duly goes on trying and lists it again if that fails.",
  },
} as const satisfies Record<string, FaultKind>;

export type FaultKindName = keyof typeof faultKinds;
