// Something that is done by one mutation: whether it is under way, what is told when it is done, why it was refused.

import { Button, type ButtonProps } from '@cloudscape-design/components';
import { useState, type ReactNode } from 'react';
import { useMutation, type AnyVariables, type TypedDocumentNode } from 'urql';
import { usePreview, type Preview } from './preview.ts';
import { messageOf } from './failure.tsx';
import { useFlash } from './flash.ts';

interface Act<Data, Variables> {
  /** Undefined where it was refused, or only tried: see {@link Preview}. */
  readonly act: (variables: Variables, done: string) => Promise<Data | undefined>;
  readonly isBusy: boolean;
  /** Of the last time. */
  readonly refusal: string | undefined;
  readonly preview: Preview;
}

/** For forms and dialogs, which show a refusal where people look at that moment. */
export function useAct<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
): Act<Data, Variables> {
  const [{ fetching }, mutate] = useMutation(document);
  const [refusal, setRefusal] = useState<string>();
  const flash = useFlash();
  const preview = usePreview();
  return {
    isBusy: fetching || preview.isBusy,
    refusal,
    preview,
    act: async (variables, done) => {
      setRefusal(undefined);
      if (preview.isAsked()) {
        setRefusal(await preview.tryIt(document, variables));
        return undefined;
      }
      const { data, error } = await mutate(variables);
      if (error === undefined) flash('success', done);
      else setRefusal(messageOf(error));
      return error === undefined ? data : undefined;
    },
  };
}

interface ActButtonProps<Data, Variables extends AnyVariables> extends Pick<
  ButtonProps,
  'variant' | 'iconName' | 'disabled' | 'ariaLabel'
> {
  readonly document: TypedDocumentNode<Data, Variables>;
  readonly variables: Variables;
  readonly done: string;
  readonly onDone?: (data: Data) => void;
  readonly children: ReactNode;
}

/** A button that does it at once. */
export function ActButton<Data, Variables extends AnyVariables>(props: ActButtonProps<Data, Variables>) {
  const { document, variables, done, onDone, ...button } = props;
  const [{ fetching }, mutate] = useMutation(document);
  const flash = useFlash();
  const act = async (): Promise<void> => {
    const { data, error } = await mutate(variables);
    if (error !== undefined) flash('error', messageOf(error));
    else {
      flash('success', done);
      if (data !== undefined) onDone?.(data);
    }
  };
  return <Button {...button} loading={fetching} onClick={() => void act()} />;
}
