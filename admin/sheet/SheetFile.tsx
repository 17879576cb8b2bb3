/** The file of an import: chosen, sent, and read on the server. Another, or leaving the page, gives it up. */
import { useDataProvider } from "ra-core";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { sheetKinds } from "../../schema/fileKinds";
import { messageOf } from "../Failure";
import { t } from "../i18n/t";
import type { DulyProvider, SheetInfo, SheetRef } from "../provider";
import { forgetChosen, lookedAt } from "../upload";

export interface OpenedSheet extends SheetInfo {
  ref: SheetRef;
  fileName: string;
}

interface SheetFileProps {
  /** The record type its rows become; null for people. */
  type: string | null;
  label: string;
  opened: OpenedSheet | undefined;
  /** Undefined as soon as another is chosen. */
  onOpen: (sheet: OpenedSheet | undefined) => void;
  children?: ReactNode;
}

export function SheetFile({ type, label, opened, onOpen, children }: SheetFileProps) {
  const provider = useDataProvider<DulyProvider>();
  const id = useId();
  const [problem, setProblem] = useState<string>();
  const [sent, setSent] = useState<number>();
  /** What is under way, and which upload is held: a choice ends both. */
  const current = useRef<{ way: AbortController; file?: string }>(undefined);
  const giveUp = useRef((): void => undefined);
  useEffect(() => {
    giveUp.current = () => {
      const { way, file } = current.current ?? {};
      current.current = undefined;
      way?.abort();
      // What cannot be given up now is swept tomorrow.
      if (file) provider.discardFile(file).catch(() => undefined);
    };
  });
  useEffect(() => () => giveUp.current(), []);

  async function choose(file: File | undefined) {
    giveUp.current();
    setProblem(undefined);
    onOpen(undefined);
    if (!file) return;
    const own = (current.current = { way: new AbortController() } as NonNullable<typeof current.current>);
    try {
      const looked = await lookedAt(file);
      if ("problem" in looked) return setProblem(looked.problem);
      if (!sheetKinds[looked.mediaType])
        return setProblem(
          t`This is neither a CSV nor an XLSX file. Save the sheet as one of them, and choose it again.`,
        );
      setSent(0);
      const stored = await provider.upload(file, { onProgress: setSent, signal: own.way.signal });
      own.file = stored.id;
      // Chosen again while it arrived: nobody waits for it.
      if (own !== current.current) return void provider.discardFile(stored.id).catch(() => undefined);
      await read({ file: stored.id, sheet: null, type }, file.name);
    } catch (failure) {
      if (own !== current.current) return;
      giveUp.current();
      setProblem(messageOf(failure));
    } finally {
      if (own === current.current || !current.current) setSent(undefined);
    }
  }
  async function read(ref: SheetRef, fileName: string) {
    const info = await provider.sheet(ref);
    if (current.current?.file === ref.file) onOpen({ ...info, ref, fileName });
  }
  async function chooseSheet(name: string) {
    if (!opened) return;
    setProblem(undefined);
    setSent(1);
    try {
      await read({ ...opened.ref, sheet: name }, opened.fileName);
    } catch (failure) {
      setProblem(messageOf(failure));
    } finally {
      setSent(undefined);
    }
  }
  return (
    <>
      <div className="tools">
        <label className="visually-hidden" htmlFor={`${id}-choose`}>
          {label}
        </label>
        <input
          id={`${id}-choose`}
          type="file"
          accept=".csv,.tsv,.txt,.xlsx"
          aria-describedby={problem && `${id}-problem`}
          onClick={forgetChosen}
          onChange={({ target }) => void choose(target.files?.[0])}
        />
        {children}
      </div>
      {sent !== undefined && (
        <p className="quiet">
          <label>
            {sent < 1 ? t`Sending the file…` : t`Reading the file…`}{" "}
            <progress {...(sent < 1 && { value: sent })} max={1} />
          </label>
        </p>
      )}
      {problem && (
        <p className="field-problem" role="alert" id={`${id}-problem`}>
          {problem}
        </p>
      )}
      {opened && opened.sheets.length > 1 && (
        <div>
          <label className="field-label" htmlFor={`${id}-sheet`}>{t`Sheet of the file`}</label>
          <select
            className="input"
            id={`${id}-sheet`}
            value={opened.name ?? ""}
            onChange={({ target }) => void chooseSheet(target.value)}
          >
            {opened.sheets.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </div>
      )}
    </>
  );
}
