// Asks before a data filter is deleted.

import { Box } from '@cloudscape-design/components';
import { useAct } from '../../../ui/act.tsx';
import { DeleteDialog } from '../../../ui/dialog.tsx';
import { DeleteFilterDocument } from './operations.ts';
import type { Filter } from './filters-tab.tsx';
import { filterStrings as strings } from './strings.ts';

export function DeleteFilterDialog({ filter, onClose }: { readonly filter: Filter; readonly onClose: () => void }) {
  const { act, isBusy, refusal } = useAct(DeleteFilterDocument);
  const name = filter.name ?? '';
  const remove = async (): Promise<void> => {
    if ((await act({ filterUri: filter.filterUri ?? '' }, strings.deleted)) !== undefined) onClose();
  };
  return (
    <DeleteDialog
      title={strings.deleteTitle(name)}
      action={strings.delete}
      name={name}
      isBusy={isBusy}
      refusal={refusal}
      onConfirm={() => void remove()}
      onCancel={onClose}
    >
      <Box>{strings.deleteText}</Box>
    </DeleteDialog>
  );
}
