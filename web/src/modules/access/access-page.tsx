// Who can read what, or could: what auditors ask, and everybody of what is theirs.

import { Alert, ExpandableSection } from '@cloudscape-design/components';
import { useMemo } from 'react';
import { useLiveQuery } from '../../app/live.ts';
import { useListQuestion, useSearchValues } from '../../ui/list-question.ts';
import { later } from '../../ui/later.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Page } from '../../ui/page.tsx';
import { RouteButton } from '../../ui/route-link.tsx';
import { accessColumns } from './access-columns.tsx';
import { auditFilter, daysOf } from './audit-question.ts';
import { describeExactly } from './exact-time.tsx';
import { DownloadButton } from './download.tsx';
import { AccessDocument, type AccessQuery } from './operations.ts';
import { accessStrings as strings } from './strings.ts';

const AccessFilters = later(async () => (await import('./access-filters.tsx')).AccessFilters);

export function AccessPage() {
  const [search] = useSearchValues();
  const question = useListQuestion();
  // Of today: as it was when it was asked.
  const filter = useMemo(() => auditFilter(search, new Date()), [search]);
  const { term, page, pageSize } = question.filter;
  const variables = { filter: { ...filter, term, page, pageSize } };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: AccessDocument, variables }); // prettier-ignore
  const list = data?.listAccess;
  return (
    <Page
      title={strings.title}
      description={strings.description}
      actions={<RouteButton href={`/access/graph?${search.toString()}`}>{strings.asGraph}</RouteButton>}
    >
      <AccessFilters />
      <NotRecorded list={list} asked={filter.since ?? undefined} />
      <ListTable
        title={strings.readers}
        description={describeTime(search, list)}
        actions={<DownloadButton filter={{ ...filter, term }} count={list?.count ?? 0} />}
        answer={{ list, fetching, error, onRetry: again }}
        question={question}
        searchLabel={strings.find}
        trackBy="id"
        columns={accessColumns()}
        empty={strings.nobody}
      />
      <ExpandableSection headerText={strings.limits} variant="footer">
        <ul>
          {strings.limitsTexts.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </ExpandableSection>
    </Page>
  );
}

const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });

function describeTime(search: URLSearchParams, list: AccessQuery['listAccess'] | undefined): string | undefined {
  const days = daysOf(search);
  if (days === undefined) return list && strings.readersAt(describeExactly(list.at));
  const [from, until] = [date.format(new Date(days.from)), date.format(new Date(days.until))];
  return from === until ? strings.readersOn(from) : strings.readersBetween(from, until);
}

/** That nobody is listed says nothing of a time before anything was recorded. */
const NotRecorded = ({ list, asked }: { list: AccessQuery['listAccess'] | undefined; asked: string | undefined }) => {
  if (list === undefined) return null;
  const { recordedSince } = list;
  if (recordedSince === null) return <Alert type="info">{strings.nothingYet}</Alert>;
  if (asked === undefined || asked >= recordedSince) return null;
  return <Alert type="warning">{strings.nothingRecorded(describeExactly(recordedSince))}</Alert>;
};
