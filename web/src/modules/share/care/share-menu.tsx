// What can be done about a share beside deciding: look after it, ask for more time, say better why, end it.

import { ButtonDropdown } from '@cloudscape-design/components';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { later } from '../../../ui/later.tsx';
import { hasEnd } from '../end.tsx';
import type { Share } from '../share-page.tsx';
import { decides, requests } from '../side.ts';
import { isRevokable } from '../standing.ts';
import { careStrings } from './strings.ts';

const RevokeDialog = later(async () => (await import('./revoke-dialog.tsx')).RevokeDialog);
const ExtensionDialog = later(async () => (await import('./extension-dialog.tsx')).ExtensionDialog);
const CareDialog = later(async () => (await import('./care-dialog.tsx')).CareDialog);
const PurposeDialog = later(async () => (await import('./purpose-dialog.tsx')).PurposeDialog);

type Action = 'verify' | 'repair' | 'extend' | 'cancel-extension' | 'purpose' | 'revoke' | 'delete';

interface ShareMenuProps {
  readonly share: Share;
  readonly onDone: () => void;
}

export function ShareMenu({ share, onDone }: ShareMenuProps) {
  const [action, setAction] = useState<Action>();
  const navigate = useNavigate();
  const actions = actionsOn(share);
  const close = (): void => {
    setAction(undefined);
    onDone();
  };
  if (actions.length === 0) return null;
  return (
    <>
      <ButtonDropdown
        items={actions.map((id) => ({ id, text: careStrings.actions[id] }))}
        onItemClick={({ detail }) => setAction(actions.find((one) => one === detail.id))}
      >
        {careStrings.more}
      </ButtonDropdown>
      {action === 'revoke' && <RevokeDialog share={share} items={revokable(share)} onDone={onDone} onClose={close} />}
      {action === 'extend' && <ExtensionDialog share={share} onClose={close} />}
      {action === 'purpose' && <PurposeDialog share={share} onClose={close} />}
      {(action === 'verify' || action === 'repair' || action === 'cancel-extension') && (
        <CareDialog action={action} share={share} onClose={close} />
      )}
      {action === 'delete' && (
        <CareDialog
          action={action}
          share={share}
          onClose={() => setAction(undefined)}
          onGone={() => void navigate('/shares?tab=sent')}
        />
      )}
    </>
  );
}

const revokable = (share: Share) =>
  share.items?.nodes?.flatMap((item) => (item !== null && isRevokable(item.status) ? [item] : [])) ?? [];

/** What the gateway would refuse is not offered; what is offered it may refuse all the same. */
function actionsOn(share: Share): Action[] {
  const isGiven = revokable(share).length > 0;
  const asks = requests(share);
  const isExtending = share.status === 'Submitted_For_Extension';
  const offered: readonly (readonly [Action, boolean])[] = [
    ['verify', isGiven],
    ['repair', isGiven || (share.items?.nodes ?? []).some((item) => item?.status === 'Share_Failed')],
    ['extend', asks && isGiven && !isExtending && hasEnd(share.expiryDate)],
    ['cancel-extension', asks && isExtending],
    ['purpose', asks],
    ['revoke', isGiven && (asks || decides(share))],
    ['delete', asks],
  ];
  return offered.flatMap(([action, isOffered]) => (isOffered ? [action] : []));
}
