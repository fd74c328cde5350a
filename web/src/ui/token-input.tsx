// Several words: typed, or picked of what is suggested; each can be taken away again.

import { Autosuggest, SpaceBetween, TokenGroup } from '@cloudscape-design/components';
import { useState } from 'react';
import { uiStrings } from './strings.ts';

interface TokenInputProps {
  readonly words: readonly string[];
  readonly onChange: (words: readonly string[]) => void;
  /** What there is; other words may be typed, too. */
  readonly suggestions?: readonly string[];
  readonly placeholder?: string;
}

export function TokenInput({ words, onChange, suggestions = [], placeholder = uiStrings.typeWord }: TokenInputProps) {
  const [typed, setTyped] = useState('');
  const add = (text: string): void => {
    const word = text.trim();
    if (word !== '' && !words.includes(word)) onChange([...words, word]);
    setTyped('');
  };
  return (
    <SpaceBetween size="xs">
      <Autosuggest
        value={typed}
        placeholder={placeholder}
        options={suggestions.filter((one) => !words.includes(one)).map((value) => ({ value }))}
        enteredTextLabel={uiStrings.useWord}
        onChange={({ detail }) => setTyped(detail.value)}
        onSelect={({ detail }) => add(detail.value)}
        onKeyDown={(event) => {
          // Enter adds the word, and does not send the form around it.
          if (event.detail.key !== 'Enter' || typed.trim() === '') return;
          event.preventDefault();
          add(typed);
        }}
        onBlur={() => add(typed)}
        empty={uiStrings.typeWord}
      />
      {words.length > 0 && (
        <TokenGroup
          items={words.map((label) => ({ label, dismissLabel: uiStrings.removeWord(label) }))}
          onDismiss={({ detail }) => onChange(words.filter((_, index) => index !== detail.itemIndex))}
        />
      )}
    </SpaceBetween>
  );
}
