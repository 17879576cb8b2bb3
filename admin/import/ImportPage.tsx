/** A sheet into records of any type: choose a file, match its columns, see what each row would do, and import. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useId, useState } from "react";
import { Link } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { importColumns } from "../../schema/sheetRows";
import { Waiting } from "../Failure";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider } from "../provider";
import { useSession } from "../session";
import { download, fileName, fileOf } from "../sheet/files";
import { type OpenedSheet, SheetFile } from "../sheet/SheetFile";
import { inSentence } from "../words";
import { ImportRun } from "./ImportRun";
import { MatchColumns } from "./MatchColumns";
import { matchingName, type Plan, readMatching } from "./plan";

export default function ImportPage({ type }: { type: RecordType }) {
  const provider = useDataProvider<DulyProvider>();
  const { me } = useSession();
  const id = useId();
  const [opened, setOpened] = useState<OpenedSheet>();
  const [plan, setPlan] = useState<Plan>();
  const { data: remembered, isPending } = useQuery({
    queryKey: ["preference", matchingName(type)],
    queryFn: async () => readMatching(await provider.preference(matchingName(type))),
    staleTime: 60_000,
  });
  const many = inSentence(type.pluralLabel);

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
        <SheetFile
          type={type.name}
          label={t`File to import`}
          opened={opened}
          onOpen={(sheet) => {
            setPlan(undefined);
            setOpened(sheet);
          }}
        >
          <button
            type="button"
            className="link"
            onClick={() => void template()}
          >{t`Get an empty file with the right headings`}</button>
        </SheetFile>
      </section>
      {opened && isPending && <Waiting />}
      {opened && !isPending && (
        <MatchColumns
          key={`${opened.ref.file} ${opened.name}`}
          type={type}
          sheet={opened}
          remembered={remembered ?? {}}
          locked={plan !== undefined}
          onPlan={(next, matching) => {
            setPlan(next);
            void provider.setPreference(matchingName(type), matching);
          }}
          onChange={() => setPlan(undefined)}
        />
      )}
      {opened && plan && <ImportRun type={type} sheet={opened} plan={plan} />}
    </Page>
  );
}
