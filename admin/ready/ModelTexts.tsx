/** Texts to begin with, for people to agree to: read here, taken as a draft, changed and ratified like any policy. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useState } from "react";
import { Link } from "react-router-dom";
import { blocksOf } from "../../schema/prose";
import { FailureNote } from "../Failure";
import { plural, t } from "../i18n/t";
import type { DulyProvider, ModelTextItem } from "../provider";
import { readAnew } from "../refresh";
import { recordPath, useSession } from "../session";
import { useDoing } from "../useDoing";
import { Prose } from "../text/Prose";

export function ModelTexts() {
  const provider = useDataProvider<DulyProvider>();
  const texts = useQuery({ queryKey: ["model-texts"], queryFn: () => provider.modelTexts(), staleTime: Infinity });
  if (texts.error) return <FailureNote failure={texts.error} retry={() => void texts.refetch()} />;
  if (!texts.data?.length) return null;
  return (
    <section aria-labelledby="model-texts">
      <h2 id="model-texts">{t`Texts to begin with`}</h2>
      <p className="quiet">{t`For people to agree to, or to be told. Each becomes a draft of yours: change it as you like, and have it ratified before you ask anybody to agree.`}</p>
      <ul className="rows">
        {texts.data.map((text) => (
          <ModelText key={text.name} text={text} />
        ))}
      </ul>
    </section>
  );
}

function ModelText({ text: { name, title, sections } }: { text: ModelTextItem }) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { types } = useSession();
  const [path, setPath] = useState<string>();
  const { busy, problem, doing } = useDoing();
  const take = () =>
    doing(async () => {
      const { type, id } = await provider.takeModelText(name);
      setPath(
        recordPath(
          types.find((each) => each.name === type),
          id,
        ),
      );
      await readAnew(client);
    });
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{title}</p>
        <details>
          <summary>{plural(sections.length, "Read its # rule", "Read its # rules")}</summary>
          {sections.map(({ heading, audience, text }) => (
            <div key={heading}>
              <h3>{heading}</h3>
              {audience && <p className="quiet">{audience}</p>}
              <Prose blocks={blocksOf(text)} />
            </div>
          ))}
        </details>
        {problem && (
          <p className="field-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      {path ? (
        <p role="status">
          <Link to={path}>{t`Open the draft`}</Link>
        </p>
      ) : (
        <button type="button" className="button" disabled={busy} onClick={() => void take()}>
          {t`Take as a draft`}
          <span className="visually-hidden">: {title}</span>
        </button>
      )}
    </li>
  );
}
