// Policies as AWS returns them: JSON text, in which Statement may be one object instead of a list.
import type { PolicyDocument, Statement } from '../../../policy/document.ts';

/** The document as AWS keeps it, statements unchanged; undefined for none. */
export const readPolicy = (text: string | undefined): PolicyDocument | undefined => {
  if (text === undefined) return undefined;
  const document = JSON.parse(text) as Omit<PolicyDocument, 'Statement'> & {
    Statement: Statement | readonly Statement[];
  };
  return { ...document, Statement: [document.Statement].flat() };
};
