// A dialog does what it says once it may, and shows why it was refused.

import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { DeleteDialog, Dialog } from './dialog.tsx';

const dialog = { title: 'Delete Orders?', action: 'Delete', isBusy: false, refusal: undefined };

it('deleting asks for the name: nothing less, and nothing else', () => {
  const confirm = vi.fn<() => void>();
  render(<DeleteDialog {...dialog} name="Orders" onConfirm={confirm} onCancel={() => undefined} />);
  const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Delete' });
  const name = screen.getByRole('textbox', { name: 'Type Orders to confirm' });
  for (const text of ['', 'Order', 'orders']) {
    fireEvent.change(name, { target: { value: text } });
    expect(button.disabled).toBe(true);
    fireEvent.submit(name);
  }
  expect(confirm).not.toHaveBeenCalled();
  fireEvent.change(name, { target: { value: 'Orders' } });
  fireEvent.submit(name);
  expect(confirm).toHaveBeenCalledOnce();
});

it('what is under way is not sent a second time, and a refusal stands in the dialog', () => {
  const confirm = vi.fn<() => void>();
  render(
    <Dialog {...dialog} isBusy refusal="It is in use" onConfirm={confirm} onCancel={() => undefined}>
      <input aria-label="Note" />
    </Dialog>,
  );
  fireEvent.submit(screen.getByRole('textbox', { name: 'Note' }));
  expect(confirm).not.toHaveBeenCalled();
  screen.getByText('It is in use');
});
