// The inbox: what the person's groups are asked for, and what they ask for. Its filters are in the address.

import { ButtonDropdown, Grid, Header, Input, Pagination, Tabs } from '@cloudscape-design/components';
import { useSearchParams } from 'react-router';
import { useLiveQuery } from '../../app/live.ts';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { useListQuestion, useSearchValues } from '../../ui/list-question.ts';
import { SharesFromMeDocument, SharesToMeDocument } from './operations.ts';
import { ShareTable } from './share-table.tsx';
import { shareStatusNames, shareStrings } from './strings.ts';

const TABS = ['received', 'sent'] as const;
type Tab = (typeof TABS)[number];

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

function useShares(tab: Tab) {
  const [search, put] = useSearchValues();
  const question = useListQuestion();
  const status = search.get('status') ?? '';
  const variables = { filter: { ...question.filter, ...(status !== '' && { status: status.split(' ') }) } };
  const [received, receivedAgain] = useLiveQuery({ query: SharesToMeDocument, variables, pause: tab !== 'received' });
  const [sent, sentAgain] = useLiveQuery({ query: SharesFromMeDocument, variables, pause: tab !== 'sent' });
  const { fetching, error } = tab === 'sent' ? sent : received;
  return {
    question,
    status,
    setStatus: (value: string): void => put({ status: value, page: '' }),
    list: tab === 'sent' ? sent.data?.getShareRequestsFromMe : received.data?.getShareRequestsToMe,
    fetching,
    error,
    again: tab === 'sent' ? sentAgain : receivedAgain,
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
  const { list, fetching, error, again, question, status, setStatus } = useShares(tab);
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
            value={question.typed}
            placeholder={shareStrings.search}
            ariaLabel={shareStrings.search}
            onChange={({ detail }) => question.type(detail.value)}
          />
          <ButtonDropdown
            items={STATES.map(({ value, label }) => ({ id: value, text: label }))}
            onItemClick={({ detail }) => setStatus(detail.id)}
          >
            {STATES.find(({ value }) => value === status)?.label ?? shareStrings.state}
          </ButtonDropdown>
        </Grid>
      }
      pagination={
        (list?.pages ?? 0) > 1 && (
          <Pagination
            currentPageIndex={question.page}
            pagesCount={list?.pages ?? 1}
            onChange={({ detail }) => question.turn(detail.currentPageIndex)}
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
