/** Every figure a definition rests on: its unit, where it comes from and when that was read; changing it moves clocks. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { Link, useSearchParams } from "react-router-dom";
import type { RecordType, Setting } from "../../schema/definition";
import { Because, Dotted } from "../Because";
import { FailureNote, Waiting } from "../Failure";
import { groupsOf } from "../Frame";
import { t } from "../i18n/t";
import { LetterheadSettings } from "../letterhead/LetterheadSettings";
import { SchoolMail } from "../mail/SchoolMail";
import { Page } from "../Page";
import type { DulyProvider, SettingItem } from "../provider";
import { readAnew } from "../refresh";
import { ClockJobs } from "../running/ClockJobs";
import { changedInWords } from "../running/jobWords";
import { useProblemCount } from "../running/useProblemCount";
import { useSession } from "../session";
import { Chip } from "../StateChip";
import { shortDate } from "../words";
import { useDoing } from "../useDoing";
import { figureInWords, isStep, readFigure } from "./figures";

/** What is the school's own rather than a register's. */
const SCHOOL = "school";

/** An index at the side and one part beside it; on a phone the index first, and each part on its own. */
export default function SettingsPage() {
  const { types } = useSession();
  const provider = useDataProvider<DulyProvider>();
  const [params] = useSearchParams();
  const settled = types.filter(({ settings }) => settings && Object.keys(settings).length > 0);
  const asked = params.get("of");
  const { data: clashes = [] } = useQuery({ queryKey: ["pack-clashes"], queryFn: () => provider.packClashes() });
  const { words: problems } = useProblemCount();
  const of = settled.find(({ name }) => name === asked);
  return (
    <Page
      wide
      title={t`Settings`}
      above={
        asked && (
          <p className="crumb settings-back">
            <Link to="/settings">{t`All settings`}</Link>
          </p>
        )
      }
      below={
        <p className="quiet">{t`How your school mails, and the figures its rules use. Changing a figure moves the clocks that were counted from it.`}</p>
      }
    >
      <div className={asked ? "settings settings-chosen" : "settings"}>
        <nav aria-label={t`Settings`}>
          <ul className="reset">
            <Part of={SCHOOL} current={!of}>
              {t`School`}
            </Part>
            <li>
              <Link to="/status">{t`How Duly is doing`}</Link>
            </li>
            <li>
              <Link to="/problems">{problems === undefined ? t`Problems` : t`Problems (${problems})`}</Link>
            </li>
            {clashes.length > 0 && (
              <li>
                <Link to="/upgrade">{t`Changes in the new version (${clashes.length})`}</Link>
              </li>
            )}
          </ul>
          {groupsOf(settled).map(({ group, types: members }) => (
            <div key={group}>
              <p className="rail-group">{group}</p>
              <ul className="reset">
                {members.map(({ name, pluralLabel }) => (
                  <Part key={name} of={name} current={name === of?.name}>
                    {pluralLabel}
                  </Part>
                ))}
              </ul>
            </div>
          ))}
        </nav>
        <div className="settings-part">
          <ClockJobs />
          {of ? (
            <TypeSettings key={of.name} type={of} />
          ) : (
            <>
              <LetterheadSettings />
              <SchoolMail />
            </>
          )}
        </div>
      </div>
    </Page>
  );
}

const Part = ({ of, current, children }: { of: string; current: boolean; children: string }) => (
  <li>
    <Link to={`/settings?of=${of}`} aria-current={current ? "page" : undefined}>
      {children}
    </Link>
  </li>
);

function TypeSettings({ type }: { type: RecordType }) {
  const provider = useDataProvider<DulyProvider>();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["settings", type.name],
    queryFn: () => provider.settings(type.name),
  });
  const id = `settings-${type.name}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{type.pluralLabel}</h2>
      {error && <FailureNote failure={error} retry={() => void refetch()} />}
      {isPending && <Waiting />}
      {data && (
        <ul className="rows">
          {Object.entries(type.settings ?? {}).map(([name, setting]) => (
            <Figure
              key={name}
              type={type}
              name={name}
              setting={setting}
              value={data.find((item) => item.type === type.name && item.name === name)?.value ?? setting.value}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function Figure({
  type,
  name,
  setting,
  value,
}: {
  type: RecordType;
  name: string;
  setting: Setting;
  value: SettingItem["value"];
}) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const [editing, setEditing] = useState<boolean>();
  const control = useRef<HTMLElement>(null);
  // In the figure while it is changed, and on the button again afterwards; not before anybody pressed it.
  useEffect(() => {
    if (editing !== undefined) control.current?.focus();
  }, [editing]);
  const hold = (element: HTMLElement | null) => void (control.current = element);
  const { busy, problem, fail, doing } = useDoing();
  const [said, setSaid] = useState<string>();
  const id = `setting-${type.name}-${name}`;
  const directed = isStep(type, name);
  const many = setting.kind === "offsets" || setting.kind === "texts";
  const now = Array.isArray(value)
    ? value.map((each) => figureInWords(setting, each, directed)).join("\n")
    : figureInWords(setting, value, directed);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const read = readFigure(
      setting,
      String(new FormData(event.currentTarget).get("figure") ?? "").replace(/ per cent$/, ""),
    );
    if ("problem" in read) {
      fail(read.problem);
      return document.getElementById(id)?.focus();
    }
    await doing(async () => {
      const moved = await provider.setSetting(type.name, name, read.value);
      setSaid(
        moved.waits
          ? t`This decides who sees confidential records, so a second person must confirm it. Until then nothing changes.`
          : changedInWords(moved),
      );
      setEditing(false);
      void readAnew(client);
    });
  }

  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{setting.label}</p>
        {!editing && <p>{Array.isArray(value) ? figureInWords(setting, value, directed) : now}</p>}
        {setting.help && <p className="row-more">{setting.help}</p>}
        <p className="row-more">
          <Dotted>
            {[
              setting.source,
              setting.date && t`read ${shortDate(setting.date)}`,
              setting.because?.length && <Because codes={setting.because} />,
            ]}
          </Dotted>
        </p>
        {setting.verify && <Chip meaning="amber">{t`Check against the source`}</Chip>}
        {said && (
          <p className="note note-green" role="status">
            {said}
          </p>
        )}
      </div>
      {editing ? (
        <form className="row-main" onSubmit={(event) => void submit(event)} noValidate>
          <label className="field-label" htmlFor={id}>
            {setting.label}
          </label>
          {setting.unit && (
            <p className="field-help" id={`${id}-help`}>
              {many ? t`In ${setting.unit}, one a line.` : t`In ${setting.unit}.`}
            </p>
          )}
          {problem && (
            <p className="field-problem" role="alert" id={`${id}-problem`}>
              {problem}
            </p>
          )}
          {many ? (
            <textarea
              className="input"
              id={id}
              name="figure"
              rows={now.split("\n").length + 1}
              defaultValue={now}
              ref={hold}
              aria-describedby={`${id}-help ${id}-problem`}
            />
          ) : (
            <input
              className="input"
              id={id}
              name="figure"
              defaultValue={now}
              ref={hold}
              aria-describedby={`${id}-help ${id}-problem`}
            />
          )}
          <div className="actions">
            <button type="submit" className="button button-primary" disabled={busy}>
              {busy ? t`Changing…` : t`Change`}
            </button>
            <button type="button" className="button" onClick={() => setEditing(false)}>{t`Cancel`}</button>
          </div>
        </form>
      ) : (
        <button type="button" className="button" onClick={() => (setSaid(undefined), setEditing(true))} ref={hold}>
          {t`Change ${(<span className="visually-hidden">{setting.label}</span>)}`}
        </button>
      )}
    </li>
  );
}
