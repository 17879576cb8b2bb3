import { useDataProvider } from "ra-core";
import type { SubmitEvent } from "react";
import { plural, t } from "../i18n/t";
import type { DulyProvider, FindingItem } from "../provider";
import { useSession } from "../session";
import { longInstant } from "../words";
import { useDoing } from "../useDoing";

/** What the import could not read with certainty. Each is answered by a person, and the answer is kept. */
export function Findings({ findings, changed }: { findings: FindingItem[]; changed: () => Promise<void> }) {
  const open = findings.filter(({ state }) => state === "open");
  const answered = findings.filter(({ state }) => state !== "open");
  return (
    <section className="group" aria-labelledby="findings">
      <h2 id="findings">
        {open.length > 0 ? plural(open.length, "# reading to confirm", "# readings to confirm") : t`Readings confirmed`}
      </h2>
      {open.length > 0 && (
        <p className="quiet">{t`The imported document was not clear here. Nothing was guessed: say how it is.`}</p>
      )}
      <ul className="rows">
        {open.map((finding) => (
          <Open key={finding.id} finding={finding} changed={changed} />
        ))}
      </ul>
      {answered.length > 0 && (
        <details>
          <summary>{plural(answered.length, "# answer given", "# answers given")}</summary>
          <ul className="rows">
            {answered.map((finding) => (
              <Answered key={finding.id} finding={finding} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Open({ finding, changed }: { finding: FindingItem; changed: () => Promise<void> }) {
  const provider = useDataProvider<DulyProvider>();
  const { busy, problem, fail, doing } = useDoing();
  const id = `finding-${finding.id}`;
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const answer = String(new FormData(event.currentTarget).get("answer") ?? "").trim();
    if (!answer) {
      fail(t`Say in a few words how it is, or what was done about it.`);
      return document.getElementById(id)?.focus();
    }
    await doing(async () => {
      await provider.answerFinding(finding.id, answer);
      await changed();
    });
  }
  return (
    <li className="row">
      <p className="row-main" id={`${id}-what`}>
        {finding.message}
      </p>
      <form className="row-main" onSubmit={(event) => void submit(event)} noValidate>
        <label className="field-label" htmlFor={id}>{t`Your answer`}</label>
        {problem && (
          <p className="field-problem" role="alert" id={`${id}-problem`}>
            {problem}
          </p>
        )}
        <div className="input-with-button">
          <input
            className="input"
            id={id}
            name="answer"
            aria-invalid={problem ? true : undefined}
            aria-describedby={`${id}-what${problem ? ` ${id}-problem` : ""}`}
          />
          <button type="submit" className="button" disabled={busy}>{t`Confirm`}</button>
        </div>
      </form>
    </li>
  );
}

function Answered({ finding }: { finding: FindingItem }) {
  const { zone } = useSession();
  return (
    <li className="row">
      <div className="row-main">
        <p>{finding.message}</p>
        <p>{finding.answer}</p>
        <p className="row-more">
          {finding.answeredBy?.name ?? t`From the answers shipped with the demo`}
          {finding.answeredAt && ` · ${longInstant(finding.answeredAt, zone)}`}
        </p>
      </div>
    </li>
  );
}
