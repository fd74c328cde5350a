// Changes the AWS tags of an environment or a dataset, all at once.

import { AttributeEditor, Checkbox, Input, type AttributeEditorProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { useAct } from '../../ui/act.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { UpdateAwsTagsDocument } from './operations.ts';
import { tagStrings as strings } from './strings.ts';
import type { StackTarget } from './target.ts';

export interface AwsTag {
  readonly key: string;
  readonly value: string;
  readonly cascade: boolean;
}

interface TagsDialogProps {
  readonly target: StackTarget;
  readonly before: readonly AwsTag[];
  readonly onClose: () => void;
}

const NEW: AwsTag = { key: '', value: '', cascade: false };

export function TagsDialog({ target, before, onClose }: TagsDialogProps) {
  const { act, isBusy, refusal, preview } = useAct(UpdateAwsTagsDocument);
  const [tags, setTags] = useState(before.length === 0 ? [NEW] : before);
  const save = async (): Promise<void> => {
    const input = {
      targetUri: target.uri,
      targetType: target.type,
      tags: tags.filter(({ key }) => key.trim() !== ''),
    };
    if ((await act({ input }, strings.saved)) !== undefined) onClose();
  };
  const change = (index: number, values: Partial<AwsTag>): void =>
    setTags(tags.map((tag, at) => (at === index ? { ...tag, ...values } : tag)));
  return (
    <Dialog
      title={strings.edit}
      action={strings.save}
      size="large"
      isBusy={isBusy}
      refusal={refusal}
      preview={preview}
      onConfirm={() => void save()}
      onCancel={onClose}
    >
      <AttributeEditor
        items={tags}
        definition={fieldsOf(target, change)}
        addButtonText={strings.add}
        removeButtonText={strings.remove}
        removeButtonAriaLabel={({ key }) => strings.removeOf(key)}
        empty={strings.none}
        onAddButtonClick={() => setTags([...tags, NEW])}
        onRemoveButtonClick={({ detail }) => setTags(tags.filter((_, index) => index !== detail.itemIndex))}
      />
    </Dialog>
  );
}

const fieldsOf = (
  { type }: StackTarget,
  change: (index: number, values: Partial<AwsTag>) => void,
): AttributeEditorProps.FieldDefinition<AwsTag>[] => [
  {
    label: strings.key,
    control: ({ key }, index) => <Input value={key} onChange={({ detail }) => change(index, { key: detail.value })} />,
  },
  {
    label: strings.value,
    control: ({ value }, index) => (
      <Input value={value} onChange={({ detail }) => change(index, { value: detail.value })} />
    ),
  },
  ...(type === 'environment'
    ? [
        {
          label: strings.passedOn,
          control: ({ cascade }: AwsTag, index: number) => (
            <Checkbox checked={cascade} onChange={({ detail }) => change(index, { cascade: detail.checked })}>
              {strings.cascade}
            </Checkbox>
          ),
        },
      ]
    : []),
];
