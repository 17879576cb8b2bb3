/** Documents into the register: what would be read of them, what is doubtful, and then the records. */
import { useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useEffect, useId, useRef, useState } from "react";
import { Link } from "react-router-dom";
import { messageOf } from "../Failure";
import { plural, t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider, ImportedText, ImportedTexts } from "../provider";
import { readAnew } from "../refresh";
import { ModelTexts } from "./ModelTexts";
import { Said } from "../Said";
import { useSession } from "../session";
import { forgetChosen } from "../upload";

interface Opened {
  name: string;
  /** The id of the uploaded file: the same document is not sent twice, nor brought in twice. */
  file: string;
  read: ImportedText[];
  /** What could not be brought in: its title and why. */
  refused: string[];
  done: boolean;
}

const refusalsOf = ({ refused }: ImportedTexts): string[] =>
  refused.map(({ title, problems }) => `${title}: ${problems.map(({ message }) => message).join(" ")}`);

const doubtsInWords = (n: number, done: boolean): string => {
  if (n === 0) return t`Everything was understood.`;
  return done
    ? plural(n, "# reading to confirm on its page:", "# readings to confirm on its page:")
    : plural(n, "# reading to confirm:", "# readings to confirm:");
};

export default function PoliciesPage() {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { types } = useSession();
  const id = useId();
  const [opened, setOpened] = useState<Opened[]>([]);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [sending, setSending] = useState<{ name: string; sent: number }>();
  const leaving = useRef(new AbortController());
  useEffect(() => {
    const controller = (leaving.current = new AbortController());
    return () => controller.abort();
  }, []);
  const waiting = opened.filter(({ done }) => !done);
  const found = waiting.flatMap(({ read, refused }) => [...read, ...refused]);

  async function choose(files: FileList | null) {
    setProblem(undefined);
    setBusy(true);
    const next: Opened[] = [];
    const problems: string[] = [];
    for (const file of files ?? []) {
      try {
        const onProgress = (sent: number) => setSending({ name: file.name, sent });
        const { id: stored } = await provider.upload(file, { onProgress, signal: leaving.current.signal });
        const read = await provider.importPolicies(stored, true);
        next.push({ name: file.name, file: stored, read: read.created, refused: refusalsOf(read), done: false });
      } catch (failure) {
        problems.push(`${file.name}: ${messageOf(failure)}`);
        setProblem(problems.join(" "));
      }
    }
    setSending(undefined);
    setOpened([...opened.filter(({ done }) => done), ...next]);
    setBusy(false);
  }
  async function bring() {
    setBusy(true);
    try {
      for (const one of waiting) {
        const read = await provider.importPolicies(one.file, false);
        const became = { read: read.created, refused: refusalsOf(read), done: read.refused.length === 0 };
        setOpened((all) => all.map((each) => (each.file === one.file ? { ...each, ...became } : each)));
      }
      await readAnew(client);
    } catch (failure) {
      setProblem(messageOf(failure));
    } finally {
      setBusy(false);
    }
  }
  const pathOf = ({ type, id: record }: ImportedText) =>
    record && types.some(({ name }) => name === type)
      ? `/${types.find(({ name }) => name === type)?.plural ?? ""}/${record}`
      : undefined;
  return (
    <Page
      title={t`Bring your policies in`}
      above={
        <p className="crumb">
          <Link to="/ready">{t`Getting ready`}</Link>
        </p>
      }
      below={
        <p className="quiet">{t`Word, Markdown or plain text. Title, dates, owner and text are read from each document; you see what was understood before anything is kept, and confirm afterwards what is doubtful.`}</p>
      }
    >
      <div className="tools">
        <label className="visually-hidden" htmlFor={id}>{t`Policy documents`}</label>
        <input
          id={id}
          type="file"
          multiple
          accept=".docx,.md,.txt"
          disabled={busy}
          onClick={forgetChosen}
          onChange={({ target }) => void choose(target.files)}
        />
      </div>
      {sending && (
        <p className="quiet">
          <label>
            {sending.sent < 1 ? t`Sending ${sending.name}…` : t`Reading ${sending.name}…`}{" "}
            <progress {...(sending.sent < 1 && { value: sending.sent })} max={1} />
          </label>
        </p>
      )}
      {problem && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
      {opened
        .flatMap(({ refused }) => refused)
        .map((why) => (
          <p key={why} className="field-problem" role="alert">
            {why}
          </p>
        ))}
      <ul className="rows">
        {opened.flatMap(({ name, file, read, done }) =>
          read.map((text) => {
            const path = pathOf(text);
            return (
              <li key={`${file} ${text.title}`} className="row">
                <div className="row-main">
                  <p className="row-title">{path ? <Link to={path}>{text.title}</Link> : text.title}</p>
                  <p className="row-more">
                    {t`From ${name}.`} {doubtsInWords(text.findings.length, done)}
                  </p>
                  {text.findings.length > 0 && (
                    <ul className="reading-doubts">
                      {text.findings.map(({ message }) => (
                        <li key={message}>{message}</li>
                      ))}
                    </ul>
                  )}
                </div>
              </li>
            );
          }),
        )}
      </ul>
      {found.length > 0 && (
        <button type="button" className="button button-primary" disabled={busy} onClick={() => void bring()}>
          {plural(found.length, "Bring in # policy", "Bring in # policies")}
        </button>
      )}
      {opened.length > 0 && waiting.length === 0 && (
        <Said words={t`They are in the register.`}>
          <Link to="/ready">{t`Back to getting ready`}</Link>
        </Said>
      )}
      <ModelTexts />
    </Page>
  );
}
