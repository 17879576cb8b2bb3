/** A list of people brought in: its columns, its words for roles, what it would do, and then that very thing. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useId, useState } from "react";
import { DateBoxes } from "../DateBoxes";
import { dateProblem } from "../dateParts";
import { FailureNote, messageOf, Waiting } from "../Failure";
import { Field } from "../Field";
import { plural, t } from "../i18n/t";
import { ColumnTable } from "../import/ColumnTable";
import type { DulyProvider, PeopleImportItem, RelationItem } from "../provider";
import { readAnew } from "../refresh";
import { useSession } from "../session";
import { type OpenedSheet, SheetFile } from "../sheet/SheetFile";
import { listed } from "../words";
import { matchPeople, peopleColumns, roleCalled } from "./peopleSheet";
import { PlanView } from "./PlanView";

const REMEMBERED = "people.file";

interface Remembered {
  columns: Record<string, string | null>;
  /** Role name by the list's word; "" for none of its own. */
  words: Record<string, string>;
  everybody: string;
}

function readRemembered(kept: unknown): Remembered {
  const { columns, words, everybody } = (typeof kept === "object" && kept !== null ? kept : {}) as Partial<Remembered>;
  return { columns: columns ?? {}, words: words ?? {}, everybody: everybody ?? "" };
}

/** `year`: the list names everybody, and counts from `from`. */
export function PeopleFile({ year, from: first }: { year: boolean; from: string }) {
  const provider = useDataProvider<DulyProvider>();
  const { me } = useSession();
  const id = useId();
  const [opened, setOpened] = useState<OpenedSheet>();
  const setUp = useQuery({
    queryKey: ["preference", REMEMBERED],
    queryFn: async () => ({
      remembered: readRemembered(await provider.preference(REMEMBERED)),
      relations: (await provider.personFile(me.person.id))?.relations ?? [],
    }),
    staleTime: 60_000,
  });
  return (
    <>
      <section aria-labelledby={`${id}-file`}>
        <h2 id={`${id}-file`} className={year ? "visually-hidden" : undefined}>{t`The file`}</h2>
        <SheetFile type={null} label={t`File of people`} opened={opened} onOpen={setOpened} />
      </section>
      {setUp.error && <FailureNote failure={setUp.error} />}
      {opened && setUp.isPending && <Waiting />}
      {opened && setUp.data && (
        <Read key={`${opened.ref.file} ${opened.name}`} sheet={opened} {...setUp.data} year={year} first={first} />
      )}
    </>
  );
}

interface ReadProps {
  sheet: OpenedSheet;
  remembered: Remembered;
  relations: RelationItem[];
  year: boolean;
  first: string;
}

function Read({ sheet, remembered, relations, year, first }: ReadProps) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { roles } = useSession();
  const id = useId();
  const columns = peopleColumns(relations);
  const [fields, setFields] = useState(() => matchPeople(sheet.headers, columns, remembered.columns));
  const [words, setWords] = useState(remembered.words);
  const [everybody, setEverybody] = useState(remembered.everybody);
  const [from, setFrom] = useState(first);
  const [staying, setStaying] = useState<string[]>([]);
  const [plan, setPlan] = useState<PeopleImportItem>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const rolesAt = fields.indexOf("roles");
  const said = useQuery({
    queryKey: ["sheetWords", sheet.ref, rolesAt],
    queryFn: async () => (rolesAt < 0 ? [] : provider.sheetWords(sheet.ref, rolesAt)),
    staleTime: Infinity,
  });
  const spoken = said.data ?? [];
  const meaning = (word: string): string | undefined => words[word] ?? roleCalled(word, roles);
  const known = [...new Set([...spoken.map(({ word }) => word), ...Object.keys(words)])];
  const decides = [...new Set([everybody, ...known.map((word) => meaning(word) ?? "")])].filter(Boolean);
  const labelOf = (name: string) => roles.find((role) => role.name === name)?.label ?? name;
  const change = (act: () => void) => {
    act();
    setPlan(undefined);
  };

  async function ask(confirm?: string, kept = staying) {
    setBusy(true);
    setProblem(undefined);
    try {
      const answer = await provider.importPeople({
        sheet: sheet.ref,
        columns: fields,
        roleWords: known.flatMap((word) => {
          const role = meaning(word);
          return role === undefined ? [] : [{ word, roles: role ? [role] : [] }];
        }),
        everybody: everybody ? [everybody] : [],
        decides,
        from,
        missing: year ? "LEAVE" : "KEEP",
        staying: kept,
        ...(confirm && { confirm }),
      });
      setPlan(answer);
      const columnsNow = Object.fromEntries(sheet.headers.map((header, at) => [header, fields[at] ?? null]));
      await provider.setPreference(REMEMBERED, { columns: { ...remembered.columns, ...columnsNow }, words, everybody });
      if (answer.done) await readAnew(client);
    } catch (failure) {
      setProblem(messageOf(failure));
    } finally {
      setBusy(false);
    }
  }
  const keep = (kept: string[]) => {
    setStaying(kept);
    void ask(undefined, kept);
  };

  if (plan?.done) return <PlanView plan={plan} staying={[]} busy={false} />;
  return (
    <>
      <section aria-labelledby={`${id}-columns`}>
        <h2 id={`${id}-columns`}>{t`Its columns`}</h2>
        <p className="quiet">
          {plural(
            sheet.rows,
            "# person. They are found again by their number, else by their email address.",
            "# people. They are found again by their number, else by their email address.",
          )}
        </p>
        <ColumnTable
          sheet={sheet}
          columns={columns}
          fields={fields}
          onMatch={(matched) => change(() => setFields(matched))}
        />
      </section>
      <section aria-labelledby={`${id}-roles`}>
        <h2 id={`${id}-roles`}>{t`What people do`}</h2>
        {said.error && <FailureNote failure={said.error} retry={() => void said.refetch()} />}
        <div className="form">
          <div>
            <label className="field-label" htmlFor={`${id}-everybody`}>{t`Everybody in this file is`}</label>
            <RoleSelect
              id={`${id}-everybody`}
              value={everybody}
              none={t`Nothing in common`}
              onChange={(role) => change(() => setEverybody(role))}
            />
          </div>
          {spoken.map(({ word, rows }, at) => (
            <div key={word}>
              <label className="field-label" htmlFor={`${id}-word-${at}`}>
                {t`“${word}” is`} <span className="quiet">({plural(rows, "# person", "# people")})</span>
              </label>
              <RoleSelect
                id={`${id}-word-${at}`}
                value={meaning(word)}
                none={t`No role by itself`}
                onChange={(role) => change(() => setWords({ ...words, [word]: role }))}
              />
            </div>
          ))}
          <Field id={`${id}-from`} label={t`What changes counts from`} group>
            {(described) => <DateBoxes id={described.id} value={from} onChange={(day) => change(() => setFrom(day))} />}
          </Field>
        </div>
        {decides.length > 0 && (
          <p className="quiet">
            {t`The file decides who is ${listed(decides.map(labelOf))}. Every other role stays as you gave it.`}{" "}
            {year &&
              t`Whoever holds one of these and is missing from the file has left: you see them before anything is done.`}
          </p>
        )}
        {!plan && (
          <button
            type="button"
            className="button button-primary"
            disabled={busy || !said.isSuccess || !from || dateProblem(from) !== undefined}
            onClick={() => void ask()}
          >{t`See what it would do`}</button>
        )}
        {problem && (
          <p className="note note-red" role="alert">
            {problem}
          </p>
        )}
      </section>
      {plan && (
        <PlanView
          plan={plan}
          staying={staying}
          busy={busy}
          onKeep={keep}
          onConfirm={() => void ask(plan.digest)}
          onAgain={() => void ask()}
        />
      )}
    </>
  );
}

/** Undefined: nobody has said it yet. */
function RoleSelect({
  id,
  value,
  none,
  onChange,
}: {
  id: string;
  value: string | undefined;
  none: string;
  onChange: (role: string) => void;
}) {
  const { roles } = useSession();
  return (
    <select
      className="input"
      id={id}
      value={value === undefined ? "?" : value}
      onChange={({ target }) => onChange(target.value)}
    >
      {value === undefined && <option value="?">{t`Choose what it means`}</option>}
      <option value="">{none}</option>
      {roles.map(({ name, label }) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </select>
  );
}
