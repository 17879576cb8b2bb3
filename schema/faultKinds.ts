/** What can fail in the background and then waits for a person. The table is the list of kinds. */

export interface FaultKind {
  label: string;
  /** A whole sentence: what the task for it is about. */
  says: string;
}

export const faultKinds = {
  email: { label: "Email", says: "Some emails could not be sent." },
  notice: { label: "Notice", says: "Some people could not be told something by email." },
  timer: { label: "Reminder or deadline", says: "Some reminders or deadlines could not be carried out." },
  duty: { label: "Recurring duty", says: "Some recurring duties could not be started." },
  roster: { label: "List of people", says: "Some lists of people could not be kept up to date." },
  absence: { label: "Absence", says: "Some absences could not begin or end." },
  import: { label: "Import", says: "Part of an import could not be finished." },
  job: { label: "Background job", says: "A background job could not be finished." },
  seal: { label: "Seal", says: "Part of the history could not be sealed." },
} as const satisfies Record<string, FaultKind>;

export type FaultKindName = keyof typeof faultKinds;
