// The shares that the filters leave, as a file: page after page, up to as many as a spreadsheet is good for.

import { useState } from 'react';
import { useClient } from 'urql';
import { csvOf } from '../../../ui/csv.ts';
import { messageOf } from '../../../ui/failure.tsx';
import { useFlash } from '../../../ui/flash.ts';
import { saveFile } from '../../../ui/save-file.ts';
import { SharesFromMeDocument, SharesToMeDocument, type ShareSummaryFragment } from '../operations.ts';
import { standingOf } from '../standing.ts';
import { shareStrings } from '../strings.ts';
import { filterOf } from './share-filter.ts';
import type { Tab } from './shares-page.tsx';
import { listStrings } from './strings.ts';

const PAGE = 200;
const MOST_PAGES = 25;

const HEADERS = [
  shareStrings.dataset,
  shareStrings.owner,
  shareStrings.requester,
  shareStrings.principal,
  shareStrings.state,
  listStrings.items,
  shareStrings.purpose,
  shareStrings.created,
  shareStrings.expires,
];

export function useCsv(tab: Tab, search: URLSearchParams) {
  const client = useClient();
  const flash = useFlash();
  const [isBusy, setBusy] = useState(false);
  const read = async (): Promise<ShareSummaryFragment[]> => {
    const shares: ShareSummaryFragment[] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const filter = { ...filterOf(search, Date.now()), page, pageSize: PAGE };
      const list = tab === 'sent' ? sentOf(filter) : receivedOf(filter);
      const { nodes, pages } = await list;
      shares.push(...nodes);
      if (page >= pages) break;
    }
    return shares;
  };
  const receivedOf = async (filter: object) => {
    const { data, error } = await client.query(SharesToMeDocument, { filter }, { requestPolicy: 'network-only' });
    if (error !== undefined) throw error;
    return pageOf(data?.getShareRequestsToMe);
  };
  const sentOf = async (filter: object) => {
    const { data, error } = await client.query(SharesFromMeDocument, { filter }, { requestPolicy: 'network-only' });
    if (error !== undefined) throw error;
    return pageOf(data?.getShareRequestsFromMe);
  };
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const text = csvOf([HEADERS, ...(await read()).map(rowOf)]);
      saveFile(listStrings.csvName, new Blob([text], { type: 'text/csv' }));
    } catch (error) {
      flash('error', `${listStrings.csvFailed}: ${messageOf(error as never)}`);
    }
    setBusy(false);
  };
  return { isBusy, save };
}

interface List {
  readonly pages: number | null;
  readonly nodes: readonly (ShareSummaryFragment | null)[] | null;
}

const pageOf = (list: List | null | undefined) => ({
  pages: list?.pages ?? 0,
  nodes: list?.nodes?.flatMap((node) => node ?? []) ?? [],
});

const rowOf = (share: ShareSummaryFragment) => [
  share.dataset?.datasetName,
  share.dataset?.SamlAdminGroupName,
  share.group,
  share.principal?.principalName,
  standingOf(share.status, share.timeline).text,
  share.statistics?.sharedItems,
  share.requestPurpose,
  share.created,
  share.expiryDate,
];
