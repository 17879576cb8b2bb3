import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import type { RecordType } from "../../schema/definition";
import { t } from "../i18n/t";
import type { DocumentText, DulyProvider, RecordDetail } from "../provider";
import { dateAt, shortDate } from "../words";

/** Which text the pages are about: a document field of a record. */
export interface About {
  type: RecordType;
  record: RecordDetail;
  name: string;
}

export const textPath = ({ type, record, name }: About, view = ""): string =>
  `/${type.plural}/${record.id}/text/${name}${view && `/${view}`}`;

/** Newest first. */
export const versionsOf = ({ record, name }: About): DocumentText[] => record.versions[name] ?? [];

export const versionNumbered = (about: About, number: string | null): DocumentText | undefined =>
  versionsOf(about).find((version) => String(version.number) === number);

/** A version never changes, so its text is read once. While another is being read, the one before stays. */
export function useText(version: DocumentText | undefined) {
  const provider = useDataProvider<DulyProvider>();
  return useQuery({
    queryKey: ["text", version?.id],
    queryFn: () => provider.readText(version?.id ?? ""),
    enabled: version !== undefined,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
}

/** What is compared when nobody has chosen: the newest with the one in force, or with the one before it. */
export function usualComparison(about: About): { from: DocumentText | undefined; to: DocumentText | undefined } {
  const versions = versionsOf(about);
  const [to, before] = versions;
  const inForce = versions.find((version) => version.inForce);
  return { from: inForce && inForce.id !== to?.id ? inForce : before, to };
}

/** Short enough for a choice on a phone: what was never in force is not said to be. */
export function versionLine(version: DocumentText, zone: string): string {
  const [number, day] = [version.number, shortDate(dateAt(version.createdAt, zone))];
  if (version.inForce) return t`Version ${number}, ${day}, in force`;
  return version.inForceAt ? t`Version ${number}, ${day}, once in force` : t`Version ${number}, ${day}`;
}
