// A form that fills a page: its fields, what sends it, and why it was refused.

import { Alert, Button, Form, SpaceBetween } from '@cloudscape-design/components';
import type { ReactNode, SubmitEvent } from 'react';
import type { Preview } from './preview.ts';
import { RouteButton } from './route-link.tsx';
import { ShowDraft } from './show-draft.tsx';
import { uiStrings } from './strings.ts';

interface PageFormProps {
  /** On the button. */
  readonly action: string;
  readonly isBusy: boolean;
  readonly refusal: string | undefined;
  readonly onSubmit: () => void;
  /** What it would write can be looked at. */
  readonly preview?: Preview;
  /** Where who gives up comes to. */
  readonly cancelHref: string;
  readonly children: ReactNode;
}

export function PageForm({ action, isBusy, refusal, onSubmit, preview, cancelHref, children }: PageFormProps) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!isBusy) onSubmit();
  };
  return (
    <form onSubmit={submit}>
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <RouteButton variant="link" href={cancelHref}>
              {uiStrings.cancel}
            </RouteButton>
            {preview !== undefined && <ShowDraft preview={preview} onSend={onSubmit} />}
            <Button variant="primary" loading={isBusy} formAction="submit">
              {action}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {children}
          {refusal !== undefined && <Alert type="error">{refusal}</Alert>}
        </SpaceBetween>
      </Form>
    </form>
  );
}
