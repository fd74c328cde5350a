// By which data filters a table is given: those that its owner has defined, asked for when somebody looks.

import { Multiselect } from '@cloudscape-design/components';
import { useState } from 'react';
import { useQuery } from 'urql';
import { FiltersOfTableDocument } from '../operations.ts';
import type { Item } from '../share-items.tsx';
import { shareStrings } from '../strings.ts';

interface FilterChoiceProps {
  readonly item: Item;
  readonly filters: readonly string[];
  readonly onChange: (filters: readonly string[]) => void;
}

export function FilterChoice({ item, filters, onChange }: FilterChoiceProps) {
  const [isWanted, setWanted] = useState(false);
  const variables = { tableUri: item.itemUri ?? '' };
  const [{ data, fetching, error }] = useQuery({ query: FiltersOfTableDocument, variables, pause: !isWanted });
  const found = data?.listTableDataFilters?.nodes?.flatMap((node) => node ?? []) ?? [];
  const options = found.map(({ label, rowExpression, includedCols }) => ({
    value: label ?? '',
    description: [rowExpression, includedCols?.join(', ')].filter((part) => part !== null && part !== '').join('; '),
  }));
  return (
    <Multiselect
      selectedOptions={filters.map((value) => ({ value }))}
      options={options}
      placeholder={shareStrings.wholeTable}
      ariaLabel={shareStrings.filtersOf(item.itemName ?? '')}
      statusType={error !== undefined ? 'error' : fetching ? 'loading' : 'finished'}
      empty={shareStrings.noFilters}
      onLoadItems={() => setWanted(true)}
      onChange={({ detail }) => onChange(detail.selectedOptions.map(({ value }) => value ?? ''))}
    />
  );
}
