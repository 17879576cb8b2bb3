import { createContext, useContext } from "react";
import { calendar } from "../schema/calendar";
import type { Scope } from "../schema/scope";
import type { RecordType } from "../schema/definition";
import { t } from "./i18n/t";
import type { Session } from "./provider";

export const SessionContext = createContext<Session | undefined>(undefined);

/** Who is signed in, where, and what the definitions say. Only inside the signed-in app. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession is used outside the signed-in app.");
  return session;
}

/** What conditions and values are worked out from here: by whoever is signed in, with the school's days and figures. */
export const scopeIn = ({ me, figures, calendar: data }: Session, type: RecordType): Scope => ({
  type,
  today: me.today,
  actor: me.person.id,
  settings: figures[type.name] ?? {},
  calendar: calendar(data),
});

/** A record type by its name; undefined for one that this person may not see. */
export const useRecordType = (name: string): RecordType | undefined =>
  useSession().types.find((type) => type.name === name);

/** The page of a record, as the links in mails have it too. */
export const recordPath = (type: RecordType | undefined, id: string): string => (type ? `/${type.plural}/${id}` : "/");

const pseudo = (): Record<string, string> => ({
  state: t`State`,
  reference: t`Reference`,
  createdAt: t`Created`,
  updatedAt: t`Last changed`,
  createdBy: t`Created by`,
  recordTitle: t`Name`,
});

export const labelOf = (type: RecordType, name: string): string => type.fields[name]?.label ?? pseudo()[name] ?? name;
