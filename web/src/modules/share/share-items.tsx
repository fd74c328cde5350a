// The items of a share with the state and the health of each; those that are given can be taken back.

import {
  Box,
  Button,
  Header,
  SpaceBetween,
  StatusIndicator,
  Table,
  type TableProps,
} from '@cloudscape-design/components';
import { useState } from 'react';
import { Why } from '../../ui/about-object.tsx';
import { Time } from '../../ui/time.tsx';
import { later } from '../../ui/later.tsx';
import type { Share } from './share-page.tsx';
import { isOver, isRevokable, itemIndicators } from './standing.ts';
import { describeItem, itemStatusNames, itemTypeNames, shareStrings } from './strings.ts';

export type Item = NonNullable<NonNullable<NonNullable<Share['items']>['nodes']>[number]>;

const RevokeDialog = later(async () => (await import('./care/revoke-dialog.tsx')).RevokeDialog);

const columnsOf = (shareUri: string): readonly TableProps.ColumnDefinition<Item>[] => [
  {
    id: 'name',
    minWidth: 120,
    header: shareStrings.item,
    isRowHeader: true,
    cell: ({ itemName, dataFilters }) => describeItem(itemName, dataFilters),
  },
  { id: 'type', header: shareStrings.type, cell: ({ itemType }) => itemType && itemTypeNames[itemType] },
  {
    id: 'state',
    minWidth: 170,
    header: shareStrings.state,
    cell: ({ status }) =>
      status && <StatusIndicator type={itemIndicators[status]}>{itemStatusNames[status]}</StatusIndicator>,
  },
  {
    id: 'health',
    minWidth: 150,
    header: shareStrings.health,
    cell: (item) => <Health {...item} shareUri={shareUri} />,
  },
  {
    id: 'checked',
    minWidth: 120,
    header: shareStrings.checked,
    cell: ({ lastVerificationTime }) => <Time at={lastVerificationTime} />,
  },
];

const Health = ({ shareUri, ...item }: Item & { readonly shareUri: string }) => (
  <SpaceBetween size="xxs">
    {item.healthStatus !== null && (
      <StatusIndicator
        type={item.healthStatus === 'Healthy' ? 'success' : item.healthStatus === 'Unhealthy' ? 'error' : 'in-progress'}
      >
        {shareStrings.healths[item.healthStatus]}
      </StatusIndicator>
    )}
    {item.says !== null && item.says !== '' && !isOver(item.status) && (
      <Box fontSize="body-s">
        {item.says} <Why about={{ kind: 'ShareRequest', uri: shareUri }} item={`${kindOf(item)} ${item.itemName}`} />
      </Box>
    )}
  </SpaceBetween>
);

/** As the request names it. */
const kindOf = ({ itemType }: Item): string =>
  itemType === 'StorageLocation' ? 'Folder' : itemType === 'S3Bucket' ? 'Bucket' : 'Table';

interface ShareItemsProps {
  readonly share: Share;
  readonly onDone: () => void;
}

export function ShareItems({ share, onDone }: ShareItemsProps) {
  const [selected, setSelected] = useState<readonly string[]>([]);
  const [isAsking, setAsking] = useState(false);
  const items = share.items?.nodes?.flatMap((node) => node ?? []) ?? [];
  const chosen = items.filter(
    ({ shareItemUri, status }) => selected.includes(shareItemUri ?? '') && isRevokable(status),
  );
  const isAnyRevokable = items.some(({ status }) => isRevokable(status));
  return (
    <>
      <Table<Item>
        items={items}
        trackBy="shareItemUri"
        columnDefinitions={columnsOf(share.shareUri ?? '')}
        wrapLines
        empty={shareStrings.noItems}
        {...(isAnyRevokable && {
          selectionType: 'multi' as const,
          selectedItems: chosen,
          isItemDisabled: ({ status }: Item) => !isRevokable(status),
          onSelectionChange: ({ detail }) =>
            setSelected(detail.selectedItems.flatMap((item) => item.shareItemUri ?? [])),
          ariaLabels: {
            selectionGroupLabel: shareStrings.items,
            allItemsSelectionLabel: () => shareStrings.selectAll,
            itemSelectionLabel: (_: unknown, { itemName }: Item) => shareStrings.select(itemName ?? ''),
          },
        })}
        header={
          <Header
            counter={`(${items.length})`}
            actions={
              isAnyRevokable && (
                <Button disabled={chosen.length === 0} onClick={() => setAsking(true)}>
                  {shareStrings.revokeSelected(chosen.length)}
                </Button>
              )
            }
          >
            {shareStrings.items}
          </Header>
        }
      />
      {isAsking && <RevokeDialog share={share} items={chosen} onDone={onDone} onClose={() => setAsking(false)} />}
    </>
  );
}
