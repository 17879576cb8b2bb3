/** For administrators: the school's shared devices, what happened on each, and the way to begin and to end one. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useState } from "react";
import { FailureNote, messageOf, Waiting } from "../Failure";
import { Field } from "../Field";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { DeviceItem, DulyProvider } from "../provider";
import { useSession } from "../session";
import { Chip } from "../StateChip";
import { longInstant } from "../words";

/** `became`: this browser is no longer signed in. */
export default function SharedDevices({ became = () => location.assign("./") }: { became?: () => void }) {
  const provider = useDataProvider<DulyProvider>();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["shared-devices"],
    queryFn: () => provider.sharedDevices(),
  });
  return (
    <Page
      title={t`Shared devices`}
      below={
        <p className="quiet">{t`On a shared device the staff name themselves by their PIN and make quick reports. It opens nothing else.`}</p>
      }
    >
      {error && <FailureNote failure={error} retry={() => void refetch()} />}
      {isPending && <Waiting />}
      {data?.length === 0 && <p className="empty">{t`There is none yet.`}</p>}
      {data && data.length > 0 && (
        <ul className="rows">
          {data.map((device) => (
            <Device key={device.id} device={device} />
          ))}
        </ul>
      )}
      <Start became={became} />
    </Page>
  );
}

const uses: Record<string, (name: string) => string> = {
  named: (name) => t`${name} named themselves`,
  wrongPin: (name) => t`a wrong PIN for ${name}`,
  locked: (name) => t`a locked PIN, tried for ${name}`,
  reported: (name) => t`${name} made a report`,
  left: (name) => t`${name} left`,
};

function standing({ startedAt, startedBy, revokedAt, revokedBy }: DeviceItem, zone: string): string {
  const [began, ended] = [longInstant(startedAt, zone), revokedAt && longInstant(revokedAt, zone)];
  const begun = startedBy ? t`Begun ${began} by ${startedBy.name}` : t`Begun ${began}`;
  if (!ended) return begun;
  return `${begun}, ${revokedBy ? t`revoked ${ended} by ${revokedBy.name}` : t`revoked ${ended}`}`;
}

function Device({ device }: { device: DeviceItem }) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { zone } = useSession();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { id, label, revokedAt } = device;
  async function revoke() {
    try {
      await provider.revokeSharedDevice(id);
      await client.invalidateQueries({ queryKey: ["shared-devices"] });
      setAsking(false);
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  }
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{label}</p>
        <p className="row-more">{standing(device, zone)}</p>
        {device.uses.length > 0 && (
          <details>
            <summary>
              {t`What happened on it`}
              <span className="visually-hidden">: {label}</span>
            </summary>
            <ul className="reset">
              {device.uses.map(({ id: use, at, what, person }) => (
                <li key={use} className="quiet">
                  {longInstant(at, zone)}: {uses[what]?.(person?.name ?? t`somebody unknown`)}
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      {revokedAt ? (
        <Chip meaning="grey">{t`Revoked`}</Chip>
      ) : asking ? (
        <div className="tools">
          <span>{t`It stops working at once.`}</span>
          <button type="button" className="button" onClick={() => void revoke()}>{t`Revoke it`}</button>
          <button type="button" className="link" onClick={() => setAsking(false)}>{t`Cancel`}</button>
        </div>
      ) : (
        <button type="button" className="button" onClick={() => setAsking(true)}>
          {t`Revoke ${(<span className="visually-hidden">{label}</span>)}`}
        </button>
      )}
      {problem && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

function Start({ became }: { became: () => void }) {
  const provider = useDataProvider<DulyProvider>();
  const [problem, setProblem] = useState<string>();
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const label = String(new FormData(event.currentTarget).get("label") ?? "");
    setProblem(undefined);
    try {
      await provider.startSharedDevice(label);
      became();
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  }
  return (
    <section className="group" aria-labelledby="start-device">
      <h2 id="start-device">{t`Make this browser a shared device`}</h2>
      <p className="quiet">{t`Do this on the device itself. You are signed out on it; whoever uses it sees names of staff with a PIN, and no record.`}</p>
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        <Field
          alone
          id="device-label"
          label={t`Where it stands`}
          help={t`Such as Front office. The timeline says it.`}
          problem={problem}
        >
          {(props) => <input className="input" name="label" maxLength={100} {...props} />}
        </Field>
        <div className="form-buttons">
          <button type="submit" className="button button-primary">{t`Sign out and make it shared`}</button>
        </div>
      </form>
    </section>
  );
}
