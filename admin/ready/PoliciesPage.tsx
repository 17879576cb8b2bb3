/** Documents into the register: what would be read of them, what is doubtful, and then the records. */
import { useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useId, useState } from "react";
import { Link } from "react-router-dom";
import { messageOf } from "../Failure";
import { plural, t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider, ImportedText } from "../provider";
import { readAnew } from "../refresh";
import { ModelTexts } from "./ModelTexts";
import { Said } from "../Said";
import { useSession } from "../session";
import { forgetChosen } from "../upload";

interface Opened {
  name: string;
  base64: string;
  read: ImportedText[];
  done: boolean;
}

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
  const waiting = opened.filter(({ done }) => !done);
  const found = waiting.flatMap(({ read }) => read);

  async function choose(files: FileList | null) {
    setProblem(undefined);
    setBusy(true);
    const next: Opened[] = [];
    for (const file of files ?? []) {
      try {
        const base64 = await base64Of(file);
        next.push({
          name: file.name,
          base64,
          read: await provider.importPolicies(file.name, base64, true),
          done: false,
        });
      } catch (failure) {
        setProblem(`${file.name}: ${messageOf(failure)}`);
      }
    }
    setOpened([...opened.filter(({ done }) => done), ...next]);
    setBusy(false);
  }
  async function bring() {
    setBusy(true);
    try {
      for (const one of waiting) {
        const read = await provider.importPolicies(one.name, one.base64, false);
        setOpened((all) => all.map((each) => (each.name === one.name ? { ...each, read, done: true } : each)));
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
      {problem && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
      <ul className="rows">
        {opened.flatMap(({ name, read, done }) =>
          read.map((text) => {
            const path = pathOf(text);
            return (
              <li key={`${name} ${text.title}`} className="row">
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

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(new Error(t`This file cannot be read.`));
    reader.readAsDataURL(file);
  });
}
