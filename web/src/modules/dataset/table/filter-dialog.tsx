// Adds a filter of rows or of columns to a table.

import { Box, FormField, Input, SegmentedControl, Textarea } from '@cloudscape-design/components';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useAct } from '../../../ui/act.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TokenInput } from '../../../ui/token-input.tsx';
import { CreateFilterDocument, TableColumnsDocument } from './operations.ts';
import { filterStrings as strings } from './strings.ts';

interface FilterDialogProps {
  readonly tableUri: string;
  readonly onClose: () => void;
}

/** Suggested; wider tables have their further ones typed. */
const MOST_COLUMNS = 100;

export function FilterDialog({ tableUri, onClose }: FilterDialogProps) {
  const { act, isBusy, refusal, preview } = useAct(CreateFilterDocument);
  const [name, setName] = useState('');
  const [kind, setKind] = useState<'ROW' | 'COLUMN'>('ROW');
  const [condition, setCondition] = useState('');
  const [columns, setColumns] = useState<readonly string[]>([]);
  const [{ data }] = useQuery({
    query: TableColumnsDocument,
    variables: { tableUri, filter: { pageSize: MOST_COLUMNS } },
  });
  const known = data?.listDatasetTableColumns?.nodes?.flatMap((column) => column?.name ?? []) ?? [];
  const isComplete = name.trim() !== '' && (kind === 'ROW' ? condition.trim() !== '' : columns.length > 0);
  const add = async (): Promise<void> => {
    const what = kind === 'ROW' ? { rowExpression: condition.trim() } : { includedCols: [...columns] };
    const input = { filterName: name.trim(), filterType: kind, ...what };
    if ((await act({ tableUri, input }, strings.created(name))) !== undefined) onClose();
  };
  return (
    <Dialog
      title={strings.add}
      action={strings.create}
      isBusy={isBusy}
      isDisabled={!isComplete}
      refusal={refusal}
      preview={preview}
      onConfirm={() => void add()}
      onCancel={onClose}
    >
      <Box>{strings.addText}</Box>
      <FormField label={strings.name} description={strings.nameHint}>
        <Input value={name} spellcheck={false} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
      <FormField label={strings.kind}>
        <SegmentedControl
          selectedId={kind}
          label={strings.which}
          options={[
            { id: 'ROW', text: strings.rows },
            { id: 'COLUMN', text: strings.cols },
          ]}
          onChange={({ detail }) => setKind(detail.selectedId === 'ROW' ? 'ROW' : 'COLUMN')}
        />
      </FormField>
      {kind === 'ROW' ? (
        <FormField label={strings.condition} description={strings.rowHint}>
          <Textarea value={condition} spellcheck={false} onChange={({ detail }) => setCondition(detail.value)} />
        </FormField>
      ) : (
        <FormField label={strings.columnNames} description={strings.columnHint}>
          <TokenInput words={columns} suggestions={known} onChange={setColumns} />
        </FormField>
      )}
    </Dialog>
  );
}
