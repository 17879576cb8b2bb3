import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useEffect, useState } from "react";
import { Temporal } from "temporal-polyfill";
import { DateAnswer } from "../DateBoxes";
import { dateProblem } from "../dateParts";
import { messageOf } from "../Failure";
import { plural, t } from "../i18n/t";
import type { DulyProvider } from "../provider";
import { useSession } from "../session";
import { dateAt, longInstant } from "../words";

/** The instant at eight in the morning of a day, school time; never before now. */
const morningOf = (date: Temporal.PlainDate, zone: string): string =>
  date.toZonedDateTime({ timeZone: zone, plainTime: "08:00" }).toInstant().toString();

/** In demo mode only: what time it is at the school, and moving it forward. */
export function ClockBar() {
  const { me, zone } = useSession();
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const [moving, setMoving] = useState(false);
  const [open, setOpen] = useState(false);
  // `fired` counts from the beginning of time: what matters is how far it has come since.
  const [before, setBefore] = useState(0);
  const [problem, setProblem] = useState<string>();
  const { data: clock } = useQuery({
    queryKey: ["clock"],
    queryFn: () => provider.clock(),
    refetchInterval: ({ state }) => (moving || state.data?.advancingTo ? 1_000 : 60_000),
  });
  const busy = moving || Boolean(clock?.advancingTo);

  // Everything on the page may have changed while the clock ran.
  const [wasBusy, setWasBusy] = useState(false);
  useEffect(() => {
    if (wasBusy && !busy) void client.invalidateQueries();
    setWasBusy(busy);
  }, [busy, wasBusy, client]);

  // Somebody else may have moved it to another day: what is late or near is counted from today.
  const date = clock && dateAt(clock.now, zone);
  useEffect(() => {
    if (date && date !== me.today) void client.invalidateQueries({ queryKey: ["session"] });
  }, [date, me.today, client]);

  if (!clock) return null;
  const today = Temporal.PlainDate.from(dateAt(clock.now, zone));

  async function move(to: string) {
    setProblem(undefined);
    setMoving(true);
    setBefore(clock?.fired ?? 0);
    try {
      await provider.advanceClock(to);
      setOpen(false);
    } catch (failure) {
      setProblem(messageOf(failure));
    } finally {
      setMoving(false);
      void client.invalidateQueries({ queryKey: ["clock"] });
    }
  }

  function chosen(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const date = String(new FormData(event.currentTarget).get("date") ?? "");
    const undated = date ? dateProblem(date) : t`Choose the day to move to.`;
    if (undated) return setProblem(undated);
    if (date <= today.toString()) return setProblem(t`The clock only goes forward: choose a later day.`);
    void move(morningOf(Temporal.PlainDate.from(date), zone));
  }

  const jumps = [
    { label: t`Tomorrow`, to: today.add({ days: 1 }) },
    { label: t`A week on`, to: today.add({ weeks: 1 }) },
    { label: t`A month on`, to: today.add({ months: 1 }) },
  ];

  return (
    <aside className="clock-bar" aria-label={t`Demo clock`}>
      <p role="status">
        <strong>{t`Demo.`}</strong> {t`At school it is ${longInstant(clock.now, zone)}.`}{" "}
        {busy &&
          plural(
            Math.max(0, clock.fired - before),
            "Moving on… # clock has fired so far.",
            "Moving on… # clocks have fired so far.",
          )}
      </p>
      <button
        type="button"
        className="link"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        disabled={busy}
      >{t`Move the clock`}</button>
      {open && (
        <form className="clock-form" onSubmit={chosen} noValidate>
          {jumps.map(({ label, to }) => (
            <button
              key={label}
              type="button"
              className="button button-small"
              disabled={busy}
              onClick={() => void move(morningOf(to, zone))}
            >
              {label}
            </button>
          ))}
          <div className="head-line" role="group" aria-labelledby="clock-date-label">
            <span id="clock-date-label">{t`or to the morning of`}</span>
            <DateAnswer id="clock-date" name="date" brief invalid={problem !== undefined} />
          </div>
          <button type="submit" className="button button-small" disabled={busy}>{t`Move`}</button>
          {problem && (
            <p role="alert" className="field-problem">
              {problem}
            </p>
          )}
        </form>
      )}
    </aside>
  );
}
