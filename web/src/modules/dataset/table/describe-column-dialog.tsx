// Says what is in a column.

import { useAct } from '../../../ui/act.tsx';
import { DescriptionDialog } from '../../../ui/description-dialog.tsx';
import { UpdateColumnDocument } from './operations.ts';
import type { Column } from './columns-tab.tsx';
import { columnStrings as strings, tableStrings } from './strings.ts';

export function DescribeColumnDialog({ column, onClose }: { readonly column: Column; readonly onClose: () => void }) {
  const { act, isBusy, refusal, preview } = useAct(UpdateColumnDocument);
  const save = async (description: string): Promise<void> => {
    if ((await act({ columnUri: column.columnUri ?? '', description }, tableStrings.saved)) !== undefined) onClose();
  };
  return (
    <DescriptionDialog
      title={strings.edit(column.name ?? '')}
      label={strings.about}
      action={tableStrings.save}
      text={column.description ?? ''}
      isBusy={isBusy}
      refusal={refusal}
      preview={preview}
      onSave={(text) => void save(text)}
      onCancel={onClose}
    />
  );
}
