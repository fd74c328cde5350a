// What can be done with one row of a list.

import { ButtonDropdown } from '@cloudscape-design/components';

interface RowActionsProps {
  readonly label: string;
  readonly actions: readonly { readonly text: string; readonly onAct: () => void }[];
}

export const RowActions = ({ label, actions }: RowActionsProps) => (
  <ButtonDropdown
    variant="inline-icon"
    ariaLabel={label}
    expandToViewport
    items={actions.map(({ text }) => ({ id: text, text }))}
    onItemClick={({ detail }) => actions.find(({ text }) => text === detail.id)?.onAct()}
  />
);
