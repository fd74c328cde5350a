// Dialogs about a table as a whole: what is in it, and forgetting what was written.

import { Box } from '@cloudscape-design/components';
import { useAct } from '../../../ui/act.tsx';
import { DescriptionDialog } from '../../../ui/description-dialog.tsx';
import { DeleteDialog } from '../../../ui/dialog.tsx';
import { ForgetTableDocument, UpdateTableDocument } from './operations.ts';
import { tableStrings as strings } from './strings.ts';
import type { Table } from './table-page.tsx';

interface TableDialogProps {
  readonly table: Table;
  readonly onClose: () => void;
}

export function DescribeTableDialog({ table, onClose }: TableDialogProps) {
  const { act, isBusy, refusal, preview } = useAct(UpdateTableDocument);
  const save = async (description: string): Promise<void> => {
    const variables = { tableUri: table.tableUri ?? '', input: { description } };
    if ((await act(variables, strings.saved)) !== undefined) onClose();
  };
  return (
    <DescriptionDialog
      title={strings.edit}
      label={strings.about}
      action={strings.save}
      text={table.description ?? ''}
      isBusy={isBusy}
      refusal={refusal}
      preview={preview}
      onSave={(text) => void save(text)}
      onCancel={onClose}
    />
  );
}

export function ForgetDialog({ table, onClose }: TableDialogProps) {
  const { act, isBusy, refusal } = useAct(ForgetTableDocument);
  const forget = async (): Promise<void> => {
    if ((await act({ tableUri: table.tableUri ?? '' }, strings.forgotten)) !== undefined) onClose();
  };
  return (
    <DeleteDialog
      title={strings.forgetTitle(table.name ?? '')}
      action={strings.forget}
      name={table.name ?? ''}
      isBusy={isBusy}
      refusal={refusal}
      onConfirm={() => void forget()}
      onCancel={onClose}
    >
      <Box>{strings.forgetText}</Box>
    </DeleteDialog>
  );
}
