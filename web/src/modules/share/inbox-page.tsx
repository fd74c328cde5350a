// The inbox: what the person's groups are asked for, and what they ask for. Its filters are in the address.

import { Grid, Header, Input, Pagination, Select, Tabs } from '@cloudscape-design/components';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useLiveQuery } from '../../app/live.ts';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { useDebounced } from '../../ui/debounced.ts';
import { SharesFromMeDocument, SharesToMeDocument } from './operations.ts';
import { ShareTable } from './share-table.tsx';
import { shareStatusNames, shareStrings } from './strings.ts';

const TABS = ['received', 'sent'] as const;
type Tab = (typeof TABS)[number];
const PAGE_SIZE = 20;

export function InboxPage() {
  const [search, setSearch] = useSearchParams();
  const tab: Tab = search.get('tab') === 'sent' ? 'sent' : 'received';
  return (
    <Page title={shareStrings.title} description={shareStrings.description}>
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => setSearch({ tab: detail.activeTabId })}
        tabs={TABS.map((id) => ({ id, label: shareStrings[id], content: id === tab && <Shares tab={id} /> }))}
      />
    </Page>
  );
}

/** In the address, so that it can be sent to somebody. */
function useShares(tab: Tab) {
  const [search, setSearch] = useSearchParams();
  const [term, setTerm] = useState(search.get('term') ?? '');
  const status = search.get('status') ?? '';
  const page = Number(search.get('page') ?? 1);
  const put = (changes: Readonly<Record<string, string>>): void =>
    setSearch(
      (before) =>
        new URLSearchParams(
          Object.entries({ ...Object.fromEntries(before), ...changes }).filter(([, value]) => value !== ''),
        ),
      { replace: true },
    );
  const filter = {
    term: useDebounced(term),
    page,
    pageSize: PAGE_SIZE,
    ...(status !== '' && { status: status.split(' ') }),
  };
  const variables = { filter };
  const [received, receivedAgain] = useLiveQuery({ query: SharesToMeDocument, variables, pause: tab !== 'received' });
  const [sent, sentAgain] = useLiveQuery({ query: SharesFromMeDocument, variables, pause: tab !== 'sent' });
  const { fetching, error } = tab === 'sent' ? sent : received;
  const list = tab === 'sent' ? sent.data?.getShareRequestsFromMe : received.data?.getShareRequestsToMe;
  return {
    list,
    fetching,
    error,
    again: tab === 'sent' ? sentAgain : receivedAgain,
    term,
    status,
    page,
    setTerm: (value: string): void => {
      setTerm(value);
      put({ term: value, page: '' });
    },
    setStatus: (value: string): void => put({ status: value, page: '' }),
    setPage: (value: number): void => put({ page: String(value) }),
  };
}

/** Values of the filter; of two that look alike to people, both. */
const STATES: readonly { readonly value: string; readonly label: string }[] = [
  { value: '', label: shareStrings.allStates },
  { value: 'Submitted', label: shareStatusNames.Submitted },
  { value: 'Submitted_For_Extension', label: shareStatusNames.Submitted_For_Extension },
  { value: 'Approved Share_In_Progress', label: shareStatusNames.Share_In_Progress },
  { value: 'Processed', label: shareStatusNames.Processed },
  { value: 'Rejected', label: shareStatusNames.Rejected },
  { value: 'Revoked Revoke_In_Progress', label: shareStatusNames.Revoked },
  { value: 'Draft', label: shareStatusNames.Draft },
];

function Shares({ tab }: { readonly tab: Tab }) {
  const { list, fetching, error, again, term, status, page, ...set } = useShares(tab);
  if (error !== undefined) return <Failure error={error} onRetry={again} />;
  return (
    <ShareTable
      other={tab === 'sent' ? 'owner' : 'requester'}
      shares={list?.nodes?.flatMap((node) => node ?? []) ?? []}
      loading={fetching && list === undefined}
      header={
        <Header
          description={tab === 'sent' ? shareStrings.sentText : shareStrings.receivedText}
          counter={`(${list?.count ?? 0})`}
        >
          {shareStrings[tab]}
        </Header>
      }
      filter={
        <Grid gridDefinition={[{ colspan: { default: 12, xs: 6 } }, { colspan: { default: 12, xs: 4 } }]}>
          <Input
            type="search"
            value={term}
            placeholder={shareStrings.search}
            ariaLabel={shareStrings.search}
            onChange={({ detail }) => set.setTerm(detail.value)}
          />
          <Select
            selectedOption={STATES.find(({ value }) => value === status) ?? null}
            options={STATES}
            ariaLabel={shareStrings.state}
            onChange={({ detail }) => set.setStatus(detail.selectedOption.value ?? '')}
          />
        </Grid>
      }
      pagination={
        (list?.pages ?? 0) > 1 && (
          <Pagination
            currentPageIndex={page}
            pagesCount={list?.pages ?? 1}
            onChange={({ detail }) => set.setPage(detail.currentPageIndex)}
          />
        )
      }
      empty={
        tab === 'sent' ? (
          <>
            {shareStrings.noneSent} <RouteLink href="/catalog">{shareStrings.toCatalogue}</RouteLink>
          </>
        ) : (
          shareStrings.noneReceived
        )
      }
    />
  );
}
