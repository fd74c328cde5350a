// Shares: what the person's groups are asked for, and what they ask for. What the list is narrowed down by is in the address.

import { Button, ButtonDropdown, Header, Pagination, SpaceBetween, Tabs } from '@cloudscape-design/components';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useLiveQuery } from '../../../app/live.ts';
import { Failure } from '../../../ui/failure.tsx';
import { later } from '../../../ui/later.tsx';
import { PAGE_SIZE } from '../../../ui/list-question.ts';
import { Page } from '../../../ui/page.tsx';
import { RouteLink } from '../../../ui/route-link.tsx';
import { SharesFromMeDocument, SharesToMeDocument, type ShareSummaryFragment } from '../operations.ts';
import { shareStrings } from '../strings.ts';
import { filterOf, tokensOf, withTokens } from './share-filter.ts';
import { ShareTable } from './share-table.tsx';
import type { SeveralAct } from './several-dialog.tsx';
import { listStrings } from './strings.ts';
import { useCsv } from './use-csv.ts';

// As large as the table: the shares are there before it.
const FilterBar = later(async () => (await import('./filter-bar.tsx')).FilterBar);
const SeveralDialog = later(async () => (await import('./several-dialog.tsx')).SeveralDialog);

const TABS = ['received', 'sent'] as const;
export type Tab = (typeof TABS)[number];

export function SharesPage() {
  const [search, setSearch] = useSearchParams();
  const tab: Tab = search.get('tab') === 'sent' ? 'sent' : 'received';
  return (
    <Page title={shareStrings.title} description={shareStrings.description}>
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => setSearch({ tab: detail.activeTabId })}
        tabs={TABS.map((id) => ({ id, label: shareStrings[id], content: id === tab && <Shares key={id} tab={id} /> }))}
      />
    </Page>
  );
}

function useShares(tab: Tab, search: URLSearchParams) {
  const page = Math.max(1, Number(search.get('page') ?? 1) || 1);
  const variables = { filter: { ...filterOf(search, Date.now()), page, pageSize: PAGE_SIZE } };
  const [received, receivedAgain] = useLiveQuery({ query: SharesToMeDocument, variables, pause: tab !== 'received' });
  const [sent, sentAgain] = useLiveQuery({ query: SharesFromMeDocument, variables, pause: tab !== 'sent' });
  const { fetching, error } = tab === 'sent' ? sent : received;
  return {
    page,
    list: tab === 'sent' ? sent.data?.getShareRequestsFromMe : received.data?.getShareRequestsToMe,
    fetching,
    error,
    again: tab === 'sent' ? sentAgain : receivedAgain,
  };
}

function Shares({ tab }: { readonly tab: Tab }) {
  const [search, setSearch] = useSearchParams();
  const { list, fetching, error, again, page } = useShares(tab, search);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [act, setAct] = useState<SeveralAct>();
  const shares = list?.nodes?.flatMap((node) => node ?? []) ?? [];
  const selected = shares.filter(({ shareUri }) => chosen.includes(shareUri ?? ''));
  const isNarrowed = tokensOf(search).length > 0;
  if (error !== undefined && list === undefined) return <Failure error={error} onRetry={again} />;
  return (
    <>
      <ShareTable
        other={tab === 'sent' ? 'owner' : 'requester'}
        shares={shares}
        chosen={selected}
        onChoose={(now) => setChosen(now.map(({ shareUri }) => shareUri ?? ''))}
        loading={fetching && list === undefined}
        header={
          <Header
            description={tab === 'sent' ? shareStrings.sentText : shareStrings.receivedText}
            counter={`(${list?.count ?? 0})`}
            actions={<Actions tab={tab} search={search} selected={selected} onAct={setAct} />}
          >
            {shareStrings[tab]}
          </Header>
        }
        filter={
          <FilterBar
            direction={tab === 'sent' ? 'FromMe' : 'ToMe'}
            search={search}
            onChange={(tokens) => setSearch(withTokens(search, tokens), { replace: true })}
            count={isNarrowed ? (list?.count ?? undefined) : undefined}
          />
        }
        pagination={
          (list?.pages ?? 0) > 1 && (
            <Pagination
              currentPageIndex={page}
              pagesCount={list?.pages ?? 1}
              onChange={({ detail }) => setSearch(turned(search, detail.currentPageIndex), { replace: true })}
            />
          )
        }
        empty={isNarrowed ? listStrings.nothingMatches : <Empty tab={tab} />}
      />
      {act !== undefined && (
        <SeveralDialog
          act={act}
          shares={selected}
          onClose={() => {
            setAct(undefined);
            setChosen([]);
            again({ requestPolicy: 'network-only' });
          }}
        />
      )}
    </>
  );
}

function turned(search: URLSearchParams, page: number): URLSearchParams {
  const next = new URLSearchParams(search);
  next.set('page', String(page));
  return next;
}

const Empty = ({ tab }: { readonly tab: Tab }) =>
  tab === 'sent' ? (
    <>
      {shareStrings.noneSent} <RouteLink href="/catalog">{shareStrings.toCatalogue}</RouteLink>
    </>
  ) : (
    shareStrings.noneReceived
  );

interface ActionsProps {
  readonly tab: Tab;
  readonly search: URLSearchParams;
  readonly selected: readonly ShareSummaryFragment[];
  readonly onAct: (act: SeveralAct) => void;
}

const UNDECIDED: ReadonlySet<string> = new Set(['Submitted', 'Submitted_For_Extension']);

function Actions({ tab, search, selected, onAct }: ActionsProps) {
  const { save, isBusy } = useCsv(tab, search);
  const count = selected.length;
  const isDecider = tab === 'received' && count > 0 && selected.every(({ status }) => UNDECIDED.has(status ?? ''));
  const none = count === 0 ? { disabled: true, disabledReason: listStrings.chosenFirst } : {};
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <ButtonDropdown
        loading={isBusy}
        items={[
          { id: 'verify', text: listStrings.verify, ...none },
          { id: 'repair', text: listStrings.repair, ...none },
          { id: 'csv', text: listStrings.csv },
        ]}
        onItemClick={({ detail }) => {
          if (detail.id === 'csv') void save();
          else onAct(detail.id === 'verify' ? 'verify' : 'repair');
        }}
      >
        {listStrings.more}
      </ButtonDropdown>
      {isDecider && <Button onClick={() => onAct('reject')}>{listStrings.reject(count)}</Button>}
      {isDecider && (
        <Button variant="primary" onClick={() => onAct('approve')}>
          {listStrings.approve(count)}
        </Button>
      )}
    </SpaceBetween>
  );
}
