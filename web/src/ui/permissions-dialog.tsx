// Which group may do what: a group that is chosen or typed, and its permissions to be ticked.

import { Autosuggest, Box, Checkbox, FormField, SpaceBetween } from '@cloudscape-design/components';
import { useState, type ReactNode } from 'react';
import { Dialog } from './dialog.tsx';
import type { Preview } from './preview.ts';
import { uiStrings } from './strings.ts';

export interface DescribedPermission {
  readonly name: string;
  readonly description: string;
}

interface PermissionsDialogProps {
  readonly title: string;
  readonly action: string;
  readonly text?: ReactNode;
  /** Whose permissions are changed; without it a group is asked for. */
  readonly group?: string;
  readonly groups?: readonly string[];
  /** What there is to be ticked. */
  readonly permissions: readonly DescribedPermission[];
  readonly ticked: readonly string[];
  readonly isBusy: boolean;
  readonly refusal: string | undefined;
  readonly preview?: Preview;
  readonly onSend: (group: string, permissions: string[]) => void;
  readonly onCancel: () => void;
  readonly children?: ReactNode;
}

export function PermissionsDialog(props: PermissionsDialogProps) {
  const { text, group, groups = [], permissions, ticked: before, onSend, children, ...dialog } = props;
  const [name, setName] = useState(group ?? '');
  const [ticked, setTicked] = useState<readonly string[]>(before);
  return (
    <Dialog {...dialog} isDisabled={name.trim() === ''} onConfirm={() => onSend(name.trim(), [...ticked])}>
      {text !== undefined && <Box>{text}</Box>}
      {group === undefined && (
        <FormField label={uiStrings.group} description={uiStrings.groupHint}>
          <Autosuggest
            value={name}
            options={groups.map((value) => ({ value }))}
            enteredTextLabel={uiStrings.useWord}
            placeholder={uiStrings.group}
            onChange={({ detail }) => setName(detail.value)}
          />
        </FormField>
      )}
      <FormField label={uiStrings.permissions}>
        <SpaceBetween size="xs">
          {permissions.map((permission) => (
            <Checkbox
              key={permission.name}
              checked={ticked.includes(permission.name)}
              onChange={({ detail }) =>
                setTicked(
                  detail.checked ? [...ticked, permission.name] : ticked.filter((one) => one !== permission.name),
                )
              }
            >
              {permission.description}
            </Checkbox>
          ))}
        </SpaceBetween>
      </FormField>
      {children}
    </Dialog>
  );
}
