/** A sheet into records of any type: choose a file, match its columns, see what each row would do, and import. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useId, useState } from "react";
import { Link } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { importColumns } from "../../schema/sheetRows";
import { messageOf, Waiting } from "../Failure";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider } from "../provider";
import { useSession } from "../session";
import { download, fileName, fileOf } from "../sheet/files";
import { readFile, type Sheet } from "../sheet/readFile";
import { forgetChosen } from "../upload";
import { inSentence } from "../words";
import { ImportRun } from "./ImportRun";
import { MatchColumns } from "./MatchColumns";
import { matchingName, type Plan, readMatching } from "./plan";

interface Opened {
  name: string;
  sheet: Sheet;
}

export default function ImportPage({ type }: { type: RecordType }) {
  const provider = useDataProvider<DulyProvider>();
  const { me } = useSession();
  const id = useId();
  const [opened, setOpened] = useState<Opened>();
  const [plan, setPlan] = useState<Plan>();
  const [problem, setProblem] = useState<string>();
  const { data: remembered, isPending } = useQuery({
    queryKey: ["preference", matchingName(type)],
    queryFn: async () => readMatching(await provider.preference(matchingName(type))),
    staleTime: 60_000,
  });
  const many = inSentence(type.pluralLabel);

  async function choose(file: File | undefined) {
    setProblem(undefined);
    setPlan(undefined);
    setOpened(undefined);
    if (!file) return;
    try {
      setOpened({ name: file.name, sheet: await readFile(file) });
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  }
  async function template() {
    const headings = importColumns(type).filter(({ name }) => name !== "reference");
    download(
      await fileOf([headings.map(({ label }) => label)], "xlsx", type.pluralLabel),
      fileName(t`${many} to fill in`, me.today, "xlsx"),
    );
  }
  return (
    <Page
      wide
      title={t`Import ${many}`}
      above={
        <p className="crumb">
          <Link to={`/${type.plural}`}>{type.pluralLabel}</Link>
        </p>
      }
      below={
        <p className="quiet">{t`From a CSV or Excel file, whose first line holds the headings. Nothing is changed until you have seen what each row would do, and the same file can be imported again without doubling anything.`}</p>
      }
    >
      <section aria-labelledby={`${id}-file`}>
        <h2 id={`${id}-file`}>{t`The file`}</h2>
        <div className="tools">
          <label className="visually-hidden" htmlFor={`${id}-choose`}>{t`File to import`}</label>
          <input
            id={`${id}-choose`}
            type="file"
            accept=".csv,.tsv,.txt,.xlsx"
            aria-describedby={problem && `${id}-problem`}
            onClick={forgetChosen}
            onChange={({ target }) => void choose(target.files?.[0])}
          />
          <button
            type="button"
            className="link"
            onClick={() => void template()}
          >{t`Get an empty file with the right headings`}</button>
        </div>
        {problem && (
          <p className="field-problem" role="alert" id={`${id}-problem`}>
            {problem}
          </p>
        )}
      </section>
      {opened && isPending && <Waiting />}
      {opened && !isPending && (
        <MatchColumns
          key={opened.name}
          type={type}
          sheet={opened.sheet}
          remembered={remembered ?? {}}
          locked={plan !== undefined}
          onPlan={(next, matching) => {
            setPlan(next);
            void provider.setPreference(matchingName(type), matching);
          }}
          onChange={() => setPlan(undefined)}
        />
      )}
      {opened && plan && <ImportRun type={type} sheet={opened.sheet} name={opened.name} plan={plan} />}
    </Page>
  );
}
