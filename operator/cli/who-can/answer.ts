// Who can read it, each with the way, the consent, and since when; and what is not known. Pure.

import {
  openersOf,
  whoCanRead,
  type AccessDoubt,
  type AccessStanding,
  type Reach,
  type ReadAccess,
  type ReadingPrincipal,
} from '../../access/who-can-read.ts';
import type { DataFilter } from '../../resources/dataset-table.ts';
import { factsOf, filtersOf, type SeenDataset } from './facts.ts';
import type { DatasetReading } from './read-dataset.ts';
import type { ReadQuestion } from './question.ts';

/** As `dataall who-can -o json` writes it. Times are RFC 3339; optional fields are left out where there is nothing to tell. */
export interface ReadAnswer {
  readonly dataset: string;
  readonly item?: string | undefined;
  readonly column?: string | undefined;
  readonly at: string;
  readonly readers: readonly Reader[];
  /** What the caller may not see, so that somebody may be missing above. */
  readonly hidden: readonly string[];
  /** What the objects do not say. */
  readonly unknown: readonly string[];
}

export interface Reader {
  readonly principal: ReadingPrincipal;
  readonly standing: AccessStanding;
  /** `Kind name` of what was shared; left out for who owns all of it. */
  readonly item?: string | undefined;
  readonly reach: Reach;
  /** By which request, `namespace/name`. */
  readonly by?: string | undefined;
  /** They see the union of these; none: all of it. */
  readonly restrictions: readonly { readonly name: string; readonly rows?: string | undefined; readonly columns?: readonly string[] | undefined }[]; // prettier-ignore
  readonly permissions?: readonly string[] | undefined;
  readonly consent?:
    | {
        readonly approver: string;
        readonly decidedBy?: string | undefined;
        readonly automatic: boolean;
        readonly at?: string | undefined;
        readonly note?: string | undefined;
      }
    | undefined;
  readonly since: string;
  readonly until?: string | undefined;
  readonly doubts: readonly AccessDoubt[];
}

/** All answers that the objects give, as operator/access/who-can-read.ts judges them. */
export function readAccess(seen: SeenDataset, { item }: Pick<ReadQuestion, 'item'>, at: Date): readonly ReadAccess[] {
  const { metadata, spec, status } = seen.dataset;
  const layout = { bucket: status.bucket, folders: spec.folders ?? [], locations: [] };
  const openers = openersOf(item, layout);
  return whoCanRead(factsOf(seen), { at, openers }, filtersOf(seen.tables, metadata, at));
}

export function answerOf(seen: DatasetReading, question: ReadQuestion, at: Date): ReadAnswer {
  const { dataset, item, column } = question;
  const answers = readAccess(seen, question, at).filter((answer) => column === undefined || shows(answer, column));
  return {
    dataset: `${dataset.namespace}/${dataset.name}`,
    item: item && `${item.kind} ${item.name}`,
    column,
    at: at.toISOString(),
    readers: answers.map(readerOf),
    hidden: seen.hidden,
    unknown: unknowns(seen, question),
  };
}

/** Whether a column is among what is shown. Of a filter that is gone nobody knows. */
const shows = ({ restrictions }: ReadAccess, column: string): boolean =>
  restrictions.length === 0 ||
  restrictions.some(({ filter }) => filter?.columns === undefined || filter.columns.includes(column));

/** Where the files of a table lie stands in Glue, and in no object. */
function unknowns({ dataset }: SeenDataset, { item }: ReadQuestion): readonly string[] {
  if (item?.kind !== 'Table') return [];
  return (dataset.spec.folders ?? []).map(
    ({ name, prefix }) =>
      `whether files of the table lie in folder ${name} (${prefix}): who has the folder reads those`,
  );
}

const restrictionOf = (name: string, filter: DataFilter | undefined): Reader['restrictions'][number] => ({
  name,
  rows: filter?.rows,
  columns: filter?.columns,
});

function readerOf({ fact, standing, reach, restrictions, doubts }: ReadAccess): Reader {
  const common = {
    principal: fact.principal,
    standing,
    reach,
    restrictions: restrictions.map(({ name, filter }) => restrictionOf(name, filter)),
    since: fact.from.toISOString(),
    until: fact.until?.toISOString(),
    doubts,
  };
  if (fact.evidence === 'Owned') return common;
  const { item, request, permissions, consent } = fact;
  return {
    ...common,
    item: `${item.kind} ${item.name}`,
    by: `${request.namespace}/${request.name}`,
    permissions,
    consent: consent && {
      approver: consent.approver,
      decidedBy: consent.decidedBy,
      automatic: consent.automatic,
      at: consent.at?.toISOString(),
      note: consent.note,
    },
    until: fact.until?.toISOString() ?? consent?.until?.toISOString(),
  };
}
