// The name of a group: who wants to know who is in it points at it and is shown.

import { Button, SpaceBetween } from '@cloudscape-design/components';
import { useState } from 'react';
import { later } from '../../ui/later.tsx';
import { groupStrings } from './strings.ts';

const MembersDialog = later(async () => (await import('./members-dialog.tsx')).MembersDialog);

export function GroupName({ group }: { readonly group: string }) {
  const [isShown, setShown] = useState(false);
  return (
    <SpaceBetween direction="horizontal" size="xxs" alignItems="center">
      <span>{group}</span>
      <Button
        variant="inline-icon"
        iconName="group"
        formAction="none"
        ariaLabel={groupStrings.show(group)}
        onClick={() => setShown(true)}
      />
      {isShown && <MembersDialog group={group} onClose={() => setShown(false)} />}
    </SpaceBetween>
  );
}
