// Who can read what now, as a part of another page.

import type { ReactNode } from 'react';
import { useLiveQuery } from '../../app/live.ts';
import { useListQuestion } from '../../ui/list-question.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { RouteButton } from '../../ui/route-link.tsx';
import { accessColumns } from './access-columns.tsx';
import { AccessDocument, type AccessFilter } from './operations.ts';
import { accessStrings as strings } from './strings.ts';

interface AccessListProps {
  readonly title: string;
  readonly description: string;
  readonly empty?: ReactNode;
  /** Which access; the same while it is shown. */
  readonly of: Pick<AccessFilter, 'datasetUri' | 'environmentUri' | 'own'>;
  /** Where it can be asked about other times. */
  readonly more: string;
  /** Of the parameters in the address, on a page with several lists. */
  readonly prefix?: string;
}

export function AccessList({ title, description, empty, of, more, prefix }: AccessListProps) {
  const question = useListQuestion(prefix);
  const variables = { filter: { ...of, ...question.filter } };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: AccessDocument, variables });
  return (
    <ListTable
      title={title}
      description={description}
      actions={<RouteButton href={more}>{strings.audit}</RouteButton>}
      answer={{ list: data?.listAccess, fetching, error, onRetry: again }}
      question={question}
      searchLabel={strings.find}
      trackBy="id"
      columns={accessColumns()}
      empty={empty ?? strings.nobody}
    />
  );
}
